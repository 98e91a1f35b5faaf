// An error of the window's own code, on its way into the log: one that reached no one else.
import { z } from 'zod';
import { MAX_ERROR_LENGTHS } from '../window-error-lengths.js';

export const windowErrorInput = z.object({
  message: z.string().min(1).max(MAX_ERROR_LENGTHS.message),
  stack: z.string().max(MAX_ERROR_LENGTHS.stack).nullable(),
  /** The view that was open: the part of the address behind `#`. */
  view: z.string().max(MAX_ERROR_LENGTHS.view),
});
export type WindowError = z.infer<typeof windowErrorInput>;
