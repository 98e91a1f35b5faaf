// A bounded GET from one other agent over HTTPS.
import { type Agent, request } from 'node:https';

/** Real milliseconds without a byte before a transfer counts as lost. */
const STALL_TIMEOUT_MS = 10_000;

export interface DownloadOptions {
  nodeId: string;
  host: string;
  port: number;
  /** With the testbed's certificates and the peer's name. */
  agent: Agent;
  path: string;
  maxBytes: number;
  signal?: AbortSignal;
  /** Real milliseconds for the whole: a peer that sends a byte now and then must not hold its caller for ever. */
  totalTimeoutMs?: number;
  /** Gets the bytes as they come. */
  onChunk?: (chunk: Buffer) => void;
}

/** Throws when the peer does not answer 200, stalls, or sends more than `maxBytes`. */
export function download(options: DownloadOptions): Promise<Buffer> {
  const { nodeId, host, port, agent, path, maxBytes, signal, totalTimeoutMs, onChunk } = options;
  const deadline = totalTimeoutMs === undefined ? [] : [AbortSignal.timeout(totalTimeoutMs)];
  const ending = AbortSignal.any([...(signal ? [signal] : []), ...deadline]);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, path, agent, timeout: STALL_TIMEOUT_MS, signal: ending }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`Peer ${nodeId} answered ${response.statusCode} for ${path}.`));
        return;
      }
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) {
          fail(new Error(`Peer ${nodeId} sent more than ${maxBytes} bytes for ${path}.`));
          return;
        }
        chunks.push(chunk);
        onChunk?.(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    // Destroyed without the error: a socket that is already back in the pool would emit it to no one.
    const fail = (error: Error): void => {
      reject(error);
      outgoing.destroy();
    };
    outgoing.on('timeout', () => fail(new Error(`Peer ${nodeId} stopped sending ${path}.`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
