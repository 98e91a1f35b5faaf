// An input picture to one other agent over HTTPS: it is asked whether it has it, and given it where not.
import { type Agent, request, type RequestOptions } from 'node:https';

/** Real milliseconds without a byte before a transfer counts as lost, and for the whole. */
const STALL_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 60_000;
const MAX_REASON_BYTES = 1_000;

export interface UploadPictureOptions {
  nodeId: string;
  host: string;
  port: number;
  /** With the testbed's certificates and the peer's name. */
  agent: Agent;
  sha256: string;
  bytes: Uint8Array;
}

/** Throws when the peer does not answer, or does not take the picture. */
export async function uploadPicture({ nodeId, host, port, agent, sha256, bytes }: UploadPictureOptions): Promise<void> {
  const options = { host, port, path: `/pictures/${sha256}`, agent, timeout: STALL_TIMEOUT_MS };
  if ((await exchange({ ...options, method: 'HEAD' })).status === 200) return;
  const { status, text } = await exchange({ ...options, method: 'PUT', headers: { 'content-length': bytes.byteLength } }, bytes);
  if (status !== 204) throw new Error(`Peer ${nodeId} did not take an input picture (${status}): ${text}.`);
}

function exchange(options: RequestOptions, body?: Uint8Array): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, signal: AbortSignal.timeout(TOTAL_TIMEOUT_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MAX_REASON_BYTES)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    outgoing.on('timeout', () => {
      reject(new Error('It stopped taking an input picture.'));
      outgoing.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
