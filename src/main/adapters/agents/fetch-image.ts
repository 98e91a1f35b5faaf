// Image bytes from an agent over plain HTTPS on the testbed's certificates, bounded and checked against their hash.
import { createHash } from 'node:crypto';
import { type Agent, request } from 'node:https';

import { AppError } from '../../../shared/errors.js';
import { type AgentEndpoint, toAgentError } from './agent-errors.js';

export interface FetchImageOptions {
  /** Refused when larger. */
  maxBytes: number;
  signal?: AbortSignal;
}

const SHA256_HEX = /^[0-9a-f]{64}$/;
/** Real milliseconds without a byte before the transfer counts as lost. */
const STALL_TIMEOUT_MS = 15_000;
/** Real milliseconds for the whole: an agent that sends a byte now and then must not hold a task for ever. */
const TOTAL_TIMEOUT_MS = 60_000;

/** Fetches one image by content hash. Throws AppError: not-found, agent-unreachable, or agent-failed when size or hash is wrong. */
export async function fetchImage(endpoint: AgentEndpoint, httpsAgent: Agent, sha256: string, options: FetchImageOptions): Promise<Buffer> {
  if (!SHA256_HEX.test(sha256)) throw new AppError('invalid-input', `"${sha256}" is not a SHA-256 hash.`);
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const outgoing = request(
      {
        host: endpoint.host,
        port: endpoint.port,
        path: `/images/${sha256}`,
        agent: httpsAgent,
        signal: AbortSignal.any([...(options.signal ? [options.signal] : []), AbortSignal.timeout(TOTAL_TIMEOUT_MS)]),
        timeout: STALL_TIMEOUT_MS,
      },
      (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          const code = response.statusCode === 404 ? 'not-found' : 'agent-failed';
          reject(new AppError(code, `Node ${endpoint.nodeId} answered ${response.statusCode} for image ${sha256}.`));
          return;
        }
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        response.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > options.maxBytes) {
            fail(new AppError('agent-failed', `Image ${sha256} of node ${endpoint.nodeId} exceeds ${options.maxBytes} bytes.`));
            return;
          }
          chunks.push(chunk);
        });
        response.on('end', () => resolve(Buffer.concat(chunks)));
        response.on('error', reject);
      },
    );
    // Destroyed without the error: a socket that is already back in the pool would emit it to no one.
    const fail = (error: AppError): void => {
      reject(error);
      outgoing.destroy();
    };
    outgoing.on('timeout', () => fail(new AppError('agent-unreachable', `Node ${endpoint.nodeId} stopped sending image ${sha256}.`)));
    outgoing.on('error', reject);
    outgoing.end();
  }).catch((thrown: unknown) => {
    throw toTransferError(thrown, endpoint, options.signal);
  });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new AppError('agent-failed', `Image ${sha256} of node ${endpoint.nodeId} arrived damaged (its hash is ${actual}).`, 'Try again.');
  }
  return bytes;
}

function toTransferError(thrown: unknown, endpoint: AgentEndpoint, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('cancelled', `The transfer from node ${endpoint.nodeId} was canceled.`, null, { cause: thrown });
  if (thrown instanceof AppError) return thrown;
  const isSystemError = thrown instanceof Error && 'code' in thrown;
  if (!isSystemError) return toAgentError(thrown, endpoint);
  const message = `Node ${endpoint.nodeId} (${endpoint.host}:${endpoint.port}) could not send an image: ${thrown.message}.`;
  return new AppError('agent-unreachable', message, 'Check that the node is on and its agent runs.', { cause: thrown });
}
