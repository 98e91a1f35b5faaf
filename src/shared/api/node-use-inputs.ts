// What the API takes about the name of a testbed, and about which of its nodes new runs use.
import { z } from 'zod';
import { MAX_HELD_LIMIT } from '../node-use.js';
import { createTestbedInput } from './inputs.js';

const id = z.string().min(1).max(64);

export const renameTestbedInput = createTestbedInput.extend({ id });

/** What is left out stays as it is. */
export const nodeUseInput = z.object({
  id,
  isExcluded: z.boolean().optional(),
  /** Most tasks that it holds at a time; null: as many as come. */
  heldLimit: z.number().int().min(1, 'A node that holds no task is excluded instead').max(MAX_HELD_LIMIT).nullable().optional(),
});
export type NodeUseInput = z.output<typeof nodeUseInput>;
