// An agent that refuses our certificate just ends the connection, as Node.js does. That it does so after we have verified its own certificate
// leaves one cause that comes up in a lab: a clock by which ours is not valid. A node without a battery for its clock starts in 1970.
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { Code, ConnectError } from '@connectrpc/connect';
import { AppError } from '../../../shared/errors.js';
import type { AgentEndpoint } from './agent-errors.js';

/** Real ms until the agent must have said no. */
const ASK_LIMIT_MS = 3_000;

/** The error with the clock as its cause where that is so; else the error as it was. `tls` is what the connection was made with. */
export async function explainRefusal(
  error: AppError,
  endpoint: AgentEndpoint,
  tls: ConnectionOptions & { cert: string },
): Promise<AppError> {
  if (error.code !== 'agent-unreachable' || !(error.cause instanceof ConnectError) || error.cause.code !== Code.Canceled) return error;
  if (!(await isRefused(endpoint, tls))) return error;
  const where = `The agent of node ${endpoint.nodeId} (${endpoint.host}:${endpoint.port}) refuses this control center's certificate`;
  const { validFromDate, validToDate } = new X509Certificate(tls.cert);
  const isValidHere = validFromDate.getTime() <= Date.now() && Date.now() < validToDate.getTime();
  const span = `valid from ${validFromDate.toISOString().slice(0, 10)} to ${validToDate.toISOString().slice(0, 10)}`;
  return isValidHere
    ? new AppError(
        'agent-unreachable',
        `${where}, which is ${span}: the clock of the node is wrong. Without a battery it starts in 1970.`,
        'Set it (sudo date -s on the node, or timedatectl set-ntp true where there is a time server); the agent lets this program in by itself then.',
        { cause: error },
      )
    : new AppError(
        'agent-unreachable',
        `${where}, which is ${span}: the clock of this machine, ${new Date().toISOString()}, is wrong.`,
        'Set the clock of this machine. If it is right, provision the node again.',
        { cause: error },
      );
}

/** Whether the agent proves who it is, takes our certificate, and then ends the connection without a word. */
function isRefused({ host, port }: AgentEndpoint, tls: ConnectionOptions): Promise<boolean> {
  return new Promise((resolve) => {
    let isVerified = false;
    const socket = connect({ ...tls, host, port, ALPNProtocols: ['h2'] }, () => (isVerified = true));
    const settle = (isRefusal: boolean): void => {
      socket.destroy();
      resolve(isRefusal);
    };
    // With TLS 1.3 our side is done before the agent has looked at our certificate. One that takes it greets first.
    socket.once('data', () => settle(false)).once('close', () => settle(isVerified));
    socket.once('error', () => settle(isVerified)).setTimeout(ASK_LIMIT_MS, () => settle(false));
  });
}
