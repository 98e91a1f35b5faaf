// An agent whose certificate is not valid by this machine's clock: either it was not connected in the last third of its certificate's life, when
// that is renewed by itself, or one of the clocks is wrong. The library says neither when the certificate ended nor when it starts.
import type { X509Certificate } from 'node:crypto';
import { connect, type ConnectionOptions } from 'node:tls';
import { AppError } from '../../../shared/errors.js';
import { type AgentEndpoint, isCertificateOutOfTime } from './agent-errors.js';
import { DAY_MS, dayOf, RENEW_BEFORE_MS } from './certificate-life.js';

/** Real ms until the agent must have shown its certificate. */
const LOOK_LIMIT_MS = 3_000;

/** The error with dates and remedy where the certificate's time is the cause; else the error as it was. */
export async function explainCertificate(error: AppError, endpoint: AgentEndpoint, tls: ConnectionOptions): Promise<AppError> {
  if (!isCertificateOutOfTime(error)) return error;
  const certificate = await lookAtCertificate(endpoint, tls);
  if (!certificate) return error;
  return describe(certificate, endpoint, Date.now(), error);
}

function describe({ validFromDate, validToDate }: X509Certificate, endpoint: AgentEndpoint, nowMs: number, error: AppError): AppError {
  const where = `node ${endpoint.nodeId} (${endpoint.host}:${endpoint.port})`;
  const clock = `the clock of this machine says ${new Date(nowMs).toISOString()}`;
  if (validToDate.getTime() <= nowMs) {
    const renewed = `It is renewed by itself while the node is connected in its last ${RENEW_BEFORE_MS / DAY_MS} days`;
    return new AppError(
      'agent-unreachable',
      `The certificate of ${where} ended on ${dayOf(validToDate.getTime())}; ${clock}.`,
      `Provision the node again. ${renewed}. If the clock of this machine is wrong, set it instead.`,
      { cause: error },
    );
  }
  return new AppError(
    'agent-unreachable',
    `The certificate of ${where} is not valid before ${dayOf(validFromDate.getTime())}; ${clock}, which is wrong or was when the node was provisioned.`,
    'Set the clock of this machine. If it is right, provision the node again.',
    { cause: error },
  );
}

/** What the agent shows, whether or not it is to be trusted: it is read for its dates alone, and nothing is said to anyone who shows it. */
function lookAtCertificate({ host, port }: AgentEndpoint, tls: ConnectionOptions): Promise<X509Certificate | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...tls, host, port, ALPNProtocols: ['h2'], rejectUnauthorized: false }, () => {
      settle(socket.getPeerX509Certificate() ?? null);
    });
    const settle = (certificate: X509Certificate | null): void => {
      socket.destroy();
      resolve(certificate);
    };
    socket.once('error', () => settle(null)).setTimeout(LOOK_LIMIT_MS, () => settle(null));
  });
}
