import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { newId } from '../../foundation/new-id.js';
import type { Log, LogFields } from './log.js';

/** A fault of the program that is in the log already, under the id that its hint names. */
class ReportedFault extends AppError {
  constructor(requestId: string, message: string, cause: unknown) {
    super(
      'internal',
      message,
      `This is a fault of the program. The log has the details under ${requestId}: System, Log in the window, “dedgeai log” on a terminal.`,
      { cause },
    );
  }
}

/** How a piece of background work failed, for whoever looks at it; a fault of the program with the id under which the log has it. */
export function describeFailure(log: Log | undefined, thrown: unknown, fields: LogFields & { doing: string }): AppErrorShape {
  if (!log) return toErrorShape(thrown);
  if (isUnreportedFault(thrown)) return toErrorShape(reportFault(log, thrown, fields));
  const shape = toErrorShape(thrown);
  if (shape.code !== 'cancelled') log.warn(shape.message, { ...fields, code: shape.code });
  return shape;
}

/** As `describeFailure`, in a child program: the parent puts what stands on standard error into the log. */
export function describeFailureToParent(thrown: unknown): AppErrorShape {
  if (isUnreportedFault(thrown)) process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  return toErrorShape(thrown);
}

/** Whether a thrown value is a fault of the program that nobody has logged yet; what the program foresees is none. */
function isUnreportedFault(thrown: unknown): boolean {
  if (thrown instanceof ReportedFault) return false;
  return !(thrown instanceof AppError) || thrown.code === 'internal';
}

/** Logs a fault with its stack under a new request id and returns the error to hand on, whose hint names that id. What is none is handed on. */
export function reportFault<Thrown>(log: Log, thrown: Thrown, fields: LogFields & { doing: string }): Thrown | AppError {
  if (!isUnreportedFault(thrown)) return thrown;
  const requestId = newId('request');
  log.error('A fault of the program', thrown, { requestId, ...fields });
  return new ReportedFault(requestId, thrown instanceof Error ? thrown.message : String(thrown), thrown);
}
