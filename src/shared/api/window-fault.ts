// A fault of the window's own code, on its way into the log: one that reached nobody else.
import { z } from 'zod';

export const LONGEST_FAULT = { message: 1000, stack: 8000, view: 300 } as const;

export const windowFaultInput = z.object({
  message: z.string().min(1).max(LONGEST_FAULT.message),
  stack: z.string().max(LONGEST_FAULT.stack).nullable(),
  /** The view that was open: the part of the address behind `#`. */
  view: z.string().max(LONGEST_FAULT.view),
});
export type WindowFault = z.infer<typeof windowFaultInput>;
