import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { newId } from '../../foundation/new-id.js';
import type { Log, LogFields } from './log.js';

/** An internal error that is in the log already, under the id that its hint names. */
class ReportedInternalError extends AppError {
  constructor(requestId: string, message: string, cause: unknown) {
    super(
      'internal',
      message,
      `This is an internal error. The log has the details under ${requestId}: Settings, Log in the window, “dedgeai log” on a terminal.`,
      { cause },
    );
  }
}

/** How a piece of background work failed, for anyone who looks at it; an internal error with the id under which the log has it. */
export function describeFailure(log: Log | undefined, thrown: unknown, fields: LogFields & { doing: string }): AppErrorShape {
  if (!log) return toErrorShape(thrown);
  if (isUnreportedInternalError(thrown)) return toErrorShape(reportInternalError(log, thrown, fields));
  const shape = toErrorShape(thrown);
  if (shape.code !== 'cancelled') log.warn(shape.message, { ...fields, code: shape.code });
  return shape;
}

/** As `describeFailure`, in a child program: the parent puts what is on standard error into the log. */
export function describeFailureToParent(thrown: unknown): AppErrorShape {
  if (isUnreportedInternalError(thrown))
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  return toErrorShape(thrown);
}

/** Whether a thrown value is an internal error that no one has logged yet; what the program foresees is none. */
function isUnreportedInternalError(thrown: unknown): boolean {
  if (thrown instanceof ReportedInternalError) return false;
  return !(thrown instanceof AppError) || thrown.code === 'internal';
}

/** Logs a fault with its stack under a new request id and returns the error to hand on, whose hint names that id. What is none is handed on. */
export function reportInternalError<Thrown>(log: Log, thrown: Thrown, fields: LogFields & { doing: string }): Thrown | AppError {
  if (!isUnreportedInternalError(thrown)) return thrown;
  const requestId = newId('request');
  log.error('Internal error', thrown, { requestId, ...fields });
  return new ReportedInternalError(requestId, thrown instanceof Error ? thrown.message : String(thrown), thrown);
}
