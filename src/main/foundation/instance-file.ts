// The file in the data folder that says which program has it, and where that program is reached. It is a note, not the lock: a program
// that was killed leaves it behind.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurablyNow } from '../../durable-file/write-durably.js';
import { coreEndpointSchema } from '../../shared/core-process-messages.js';

const FILE_NAME = 'instance.json';

const instanceSchema = z.object({
  pid: z.number().int(),
  startedAtMs: z.number(),
  /** Of the program, and where a terminal reaches it: only where a window is open on the data. */
  version: z.string().optional(),
  endpoint: coreEndpointSchema.optional(),
});
export type Instance = z.infer<typeof instanceSchema>;

/** Null when there is none, or it is just being written. */
export function readInstance(dataDir: string): Instance | null {
  try {
    return instanceSchema.parse(JSON.parse(readFileSync(join(dataDir, FILE_NAME), 'utf8')));
  } catch {
    return null;
  }
}

/** For this user alone: it holds the token of the socket. */
export function writeInstance(dataDir: string, instance: Instance): void {
  writeDurablyNow(join(dataDir, FILE_NAME), JSON.stringify(instance));
}

export function removeInstance(dataDir: string): void {
  rmSync(join(dataDir, FILE_NAME), { force: true });
}
