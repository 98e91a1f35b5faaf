import { z } from 'zod';
import { NAMED_KINDS } from '../found-name.js';

export const findNamesInput = z.object({
  /** All of them have to be in the name, in any order. Without words the newest names. */
  words: z.string().max(200, 'At most 200 characters'),
  /** All kinds where it is left out. */
  kinds: z.array(z.enum(NAMED_KINDS)).min(1).optional(),
  limit: z.number().int().min(1).max(100).default(30),
});
export type FindNamesInput = z.output<typeof findNamesInput>;
