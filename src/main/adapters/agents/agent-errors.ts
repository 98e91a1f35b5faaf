// What goes wrong between the control center and an agent, in the words of the program.
import { Code, ConnectError } from '@connectrpc/connect';

import { AppError } from '../../../shared/errors.js';

const LOCAL_CLOCK_HINT =
  "Look at the clock of this machine: by it the node's certificate is not valid now. If it is right, provision the node again.";

/** Where the failing agent is, for the message. */
export interface AgentEndpoint {
  nodeId: string;
  host: string;
  port: number;
}

/**
 * Turns a failed call into an AppError: agent-unreachable (no answer, worth a retry), agent-failed (it answered no) or cancelled, the last
 * only when the caller's own signal says so; a connection that the agent's TLS ends looks like a cancellation too.
 */
export function toAgentError(thrown: unknown, endpoint: AgentEndpoint, signal?: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = ConnectError.from(thrown);
  const where = `The agent of node ${endpoint.nodeId} (${endpoint.host}:${endpoint.port})`;
  const cause = innermostCause(thrown);
  const options = { cause: thrown };
  if (cause && isCertificateProblem(cause)) {
    const message = `${where} was not trusted: ${cause.message}.`;
    if (isOutOfTime(cause)) return new AppError('agent-unreachable', message, LOCAL_CLOCK_HINT, options);
    return new AppError('agent-unreachable', message, 'Provision the node again; another testbed may have taken its port.', options);
  }
  if (signal?.aborted) return new AppError('cancelled', `The call to node ${endpoint.nodeId} was canceled.`, null, options);
  switch (error.code) {
    case Code.Canceled: {
      const message = `${where} ended the connection: ${cause?.message ?? error.rawMessage}.`;
      return new AppError(
        'agent-unreachable',
        message,
        'If it happens again, its certificates may be outdated: provision the node again.',
        options,
      );
    }
    case Code.Unavailable:
    case Code.Aborted:
    case Code.DeadlineExceeded: {
      const message = `${where} does not answer: ${cause?.message ?? error.rawMessage}.`;
      return new AppError(
        'agent-unreachable',
        message,
        'Check that the node is on and provisioned; provisioning starts its agent again.',
        options,
      );
    }
    case Code.PermissionDenied:
    case Code.Unauthenticated:
      return new AppError(
        'agent-failed',
        `${where} refused this control center: ${error.rawMessage}.`,
        'Provision the node again.',
        options,
      );
    case Code.Unimplemented:
      return new AppError('unsupported', `${where} is older than this program: ${error.rawMessage}.`, 'Provision the node again.', options);
    default: {
      const hint = 'Look at the log of the agent on the node; provision it again if it is of another version.';
      return new AppError('agent-failed', `${where} reported a failure: ${error.rawMessage}.`, hint, options);
    }
  }
}

/** Whether a call failed because the agent's certificate is not valid by this machine's clock. */
export function isCertificateOutOfTime({ cause: thrown }: AppError): boolean {
  const cause = innermostCause(thrown);
  return cause !== null && isOutOfTime(cause);
}

function isOutOfTime(cause: Error): boolean {
  return 'code' in cause && (cause.code === 'CERT_NOT_YET_VALID' || cause.code === 'CERT_HAS_EXPIRED');
}

function isCertificateProblem(cause: Error): boolean {
  const code = 'code' in cause ? String(cause.code) : '';
  return /CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(code);
}

function innermostCause(thrown: unknown): Error | null {
  let cause: unknown = thrown;
  for (let depth = 0; depth < 5 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause;
  return cause instanceof Error && cause !== thrown ? cause : null;
}
