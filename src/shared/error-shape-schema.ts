import { z } from 'zod';
import { type AppErrorCode, type AppErrorShape, ERROR_CODES } from './errors.js';

/** An error as it comes from a process, a file or the database. */
export const errorShapeSchema: z.ZodType<AppErrorShape> = z.object({
  code: z.custom<AppErrorCode>((code) => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)),
  message: z.string(),
  hint: z.string().nullable(),
});
