// What a training that continues another learns from, beside its checkpoint.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../../../durable-file/write-durably.js';
import { type SeenDecision, seenDecisionSchema } from '../../../../scheduling/experience/seen-decision.js';
import { AppError } from '../../../../shared/errors.js';

const schema = z.array(seenDecisionSchema).max(50_000);

export async function writeExperience(folder: string, decisions: readonly SeenDecision[]): Promise<void> {
  await writeDurably(pathIn(folder), JSON.stringify(decisions));
}

/** Throws `io` where it can't be read. */
export async function readExperience(folder: string): Promise<SeenDecision[]> {
  try {
    return schema.parse(JSON.parse(await readFile(pathIn(folder), 'utf8')));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `What the training learns from, ${pathIn(folder)}, cannot be read: ${reason}`, 'Start learning again.');
  }
}

function pathIn(folder: string): string {
  return join(folder, 'experience.json');
}
