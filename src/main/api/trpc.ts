// The border: parse with zod, call one service, return. Errors leave in the one shape { code, message, hint }.
import { initTRPC } from '@trpc/server';
import { ZodError } from 'zod';
import { AppError, toErrorShape } from '../../shared/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';
import type { Services } from '../services.js';

export interface ApiContext {
  services: Services;
}

/** The first complaint of a schema as the message, with the field it is about; all of them as fields. */
export function describeZodError(error: ZodError): AppErrorShape {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const message = issue ? `${field ? `${field}: ` : ''}${issue.message}` : 'The input does not fit';
  const fields = error.issues.map(({ path, message: complaint }) => ({ field: path.map(String).join('.'), message: complaint }));
  return { code: 'invalid-input', message, hint: 'Correct the named field and try again.', fields };
}

/** Finds the program's own error in whatever tRPC wrapped around it. */
export function findErrorShape(error: unknown): AppErrorShape {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if (current instanceof AppError) return current.toShape();
    if (current instanceof ZodError) return describeZodError(current);
  }
  return toErrorShape(error);
}

const t = initTRPC.context<ApiContext>().create({
  errorFormatter({ shape, error }) {
    const appError = findErrorShape(error);
    // The stack stays here: it is for the log, not for the window.
    return {
      ...shape,
      message: appError.message,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, appError },
    };
  },
});

export const router = t.router;
export const procedure = t.procedure;
export const createCallerFactory = t.createCallerFactory;
