// The agent's program as it was built: one file, known by its hash.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../../../shared/errors.js';

export interface AgentBundle {
  bytes: Uint8Array;
  sha256: string;
}

/** Throws `io` when the file is not there. */
export async function readAgentBundle(path: string): Promise<AgentBundle> {
  try {
    const bytes = await readFile(path);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    throw new AppError('io', `The agent bundle ${path} can't be read.`, '`dedgeai doctor` says what is missing, and what to do.', {
      cause: error,
    });
  }
}
