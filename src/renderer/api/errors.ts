// Turns what the API client throws into the program's one error shape. The server puts { code, message, hint } into error.data.appError.
import { TRPCClientError } from '@trpc/client';
import { ERROR_CODES, type AppErrorCode, type AppErrorShape, type FieldComplaint } from '../../shared/errors.js';
import { CONNECTION_LOST } from '../../shared/api/call-link.js';
import { neutralize } from './neutral-text.js';
import { TransferError } from './transfer-error.js';

/** Error shape of anything thrown by an API call; a fault without a shape keeps its message and says where the details are. */
export function toApiErrorShape(thrown: unknown): AppErrorShape {
  return neutralize(findShape(thrown));
}

function findShape(thrown: unknown): AppErrorShape {
  if (thrown instanceof TransferError) return thrown.shape;
  if (thrown instanceof TRPCClientError) {
    const carried = readAppError((thrown.data as { appError?: unknown } | null | undefined)?.appError);
    if (carried) return carried;
    if (isConnectionLoss(thrown)) {
      return {
        code: 'io',
        message: 'The connection to the program was lost before it answered.',
        hint: 'The window reconnects by itself. Look at the state shown, then do it again if it did not take effect.',
      };
    }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message,
    hint: 'This is an internal error of the window. Its developer tools have the details, in the console.',
  };
}

/** True when a call ended because the window no longer needed it. */
export function isAbort(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown.name === 'AbortError') return true;
  return thrown instanceof TRPCClientError && thrown.cause?.name === 'AbortError';
}

/** In the browser a connection that can't be made fails a call with the socket's event, which is no error. */
function isConnectionLoss({ cause }: { cause?: unknown }): boolean {
  if (cause instanceof Event) return cause.type === 'error' || cause.type === 'close';
  return cause instanceof Error && [CONNECTION_LOST, 'TRPCWebSocketClosedError'].includes(cause.name);
}

function readAppError(value: unknown): AppErrorShape | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message, hint, fields } = value as Record<string, unknown>;
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code) || typeof message !== 'string') return null;
  const shape = { code: code as AppErrorCode, message, hint: typeof hint === 'string' ? hint : null };
  const complaints = Array.isArray(fields) ? fields.filter(isFieldComplaint) : [];
  return complaints.length === 0 ? shape : { ...shape, fields: complaints };
}

function isFieldComplaint(value: unknown): value is FieldComplaint {
  if (typeof value !== 'object' || value === null) return false;
  const { field, message } = value as Record<string, unknown>;
  return typeof field === 'string' && typeof message === 'string';
}
