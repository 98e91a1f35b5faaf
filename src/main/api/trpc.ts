// The border: parse with zod, call one service, return. Errors leave in the one shape { code, message, hint }.
import { getTRPCErrorFromUnknown, initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { AppError, toErrorShape } from '../../shared/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';
import type { Log } from '../adapters/log/log.js';
import { reportInternalError } from '../adapters/log/report-internal-error.js';
import type { Services } from './services.js';

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

/** What the program foresees keeps its shape; a fault is logged, once, whatever tRPC wrapped around it. */
function toReportedError(log: Log, thrown: unknown, path: string): TRPCError {
  const error = getTRPCErrorFromUnknown(thrown);
  if (findErrorShape(error).code !== 'internal' || error.code !== 'INTERNAL_SERVER_ERROR') return error;
  const cause = reportInternalError(log, error.cause ?? error, { doing: `answering ${path}` });
  return new TRPCError({ code: error.code, message: cause.message, cause });
}

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

async function* reportEnd(values: AsyncIterable<unknown>, report: (thrown: unknown) => Error): AsyncIterable<unknown> {
  try {
    yield* values;
  } catch (thrown) {
    throw report(thrown);
  }
}

const t = initTRPC.context<ApiContext>().create({
  errorFormatter({ shape, error }) {
    const appError = findErrorShape(error);
    // The stack stays here: the log has it.
    return {
      ...shape,
      message: appError.message,
      data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, appError },
    };
  },
});

export const router = t.router;
/** Every procedure: what it throws that no one foresaw goes into the log, and out under the id it has there. */
export const procedure = t.procedure.use(async ({ ctx, path, next }) => {
  const report = (thrown: unknown): TRPCError => toReportedError(ctx.services.log, thrown, path);
  const result = await next();
  if (!result.ok) throw report(result.error);
  if (!isStream(result.data)) return result;
  return { ...result, data: reportEnd(result.data, report) };
});
export const createCallerFactory = t.createCallerFactory;
