// An input picture to an agent over plain HTTPS on the testbed's certificates: the agent is asked whether it has it, and given it where not.
import { type Agent, request, type RequestOptions } from 'node:https';

import { AppError } from '../../../shared/errors.js';
import { type AgentEndpoint, toAgentError } from './agent-errors.js';

/** Real milliseconds without a byte before the transfer counts as lost, and for the whole. */
const STALL_TIMEOUT_MS = 15_000;
const TOTAL_TIMEOUT_MS = 60_000;
const MAX_REASON_CHARACTERS = 500;
/** The node has no room, or receives as many as it can just now. */
const BUSY_STATUSES = [503, 507];

export interface PictureToPut {
  sha256: string;
  /** Reads its bytes; asked only where the agent has not got them. */
  read(): Promise<Uint8Array>;
}

/**
 * Resolves when the agent has the picture. Throws AppError: agent-unreachable (also when it can't take it just now: worth a retry), agent-failed
 * when it refuses it for good, cancelled; and what `read` throws.
 */
export async function putPicture(endpoint: AgentEndpoint, agent: Agent, picture: PictureToPut, signal?: AbortSignal): Promise<void> {
  const { sha256 } = picture;
  const call = async (options: RequestOptions, body?: Uint8Array): Promise<{ status: number; text: string }> => {
    const ending = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(TOTAL_TIMEOUT_MS)]);
    const { host, port } = endpoint;
    try {
      const path = `/pictures/${sha256}`;
      return await exchange({ ...options, host, port, path, agent, timeout: STALL_TIMEOUT_MS, signal: ending }, body);
    } catch (thrown) {
      if (signal?.aborted)
        throw new AppError('cancelled', `The transfer to node ${endpoint.nodeId} was canceled.`, null, { cause: thrown });
      if (!(thrown instanceof Error && 'code' in thrown)) throw toAgentError(thrown, endpoint);
      const message = `Node ${endpoint.nodeId} (${host}:${port}) could not take an input picture: ${thrown.message}.`;
      throw new AppError('agent-unreachable', message, 'Check that the node is on and its agent runs.', { cause: thrown });
    }
  };
  if ((await call({ method: 'HEAD' })).status === 200) return;
  const bytes = await picture.read();
  const { status, text } = await call({ method: 'PUT', headers: { 'content-length': bytes.byteLength } }, bytes);
  if (status === 204) return;
  const code = BUSY_STATUSES.includes(status) ? 'agent-unreachable' : 'agent-failed';
  const hint = status === 404 ? 'Its agent is too old for image-to-image: provision the node again.' : null;
  throw new AppError(code, `Node ${endpoint.nodeId} did not take input picture ${sha256} (${status}): ${text}.`, hint);
}

function exchange(options: RequestOptions, body?: Uint8Array): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MAX_REASON_CHARACTERS)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    outgoing.on('timeout', () => {
      reject(Object.assign(new Error('it stopped taking the bytes'), { code: 'ETIMEDOUT' }));
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
