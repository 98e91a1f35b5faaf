// The page of the published weights on loopback, with small weights in the place of those of gigabytes.
import { createHash } from 'node:crypto';
import type { WeightsSource } from '../../src/main/domain/models/weights-source.js';
import type { PublishedFile } from '../../src/shared/weights.js';
import { type FileServer, type ServedFile, startFileServer } from './file-server.js';
import { allInOneTensors, buildSafetensors } from './model-files.js';

export const PUBLISHED: PublishedFile = 'sd3_medium_incl_clips.safetensors';
/** What may fetch them. */
export const RIGHT_TOKEN = 'hf_abcdefghijklmnopqrstuvwxyz012345';

export interface WeightsPage {
  server: FileServer;
  bytes: Buffer;
  sha256: string;
  /** For `overrides.weights`: the token stays the program's own affair. */
  source: Pick<WeightsSource, 'page' | 'files'>;
  /** Puts the file there, in the state that is meant. */
  serve(change?: Partial<ServedFile>): void;
  close(): Promise<void>;
}

export async function startWeightsPage(): Promise<WeightsPage> {
  const server = await startFileServer();
  const bytes = Buffer.from(buildSafetensors(allInOneTensors(['t5'])));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    server,
    bytes,
    sha256,
    source: { page: server.url, files: [{ file: PUBLISHED, sizeBytes: bytes.length, sha256 }] },
    serve: (change = {}) => void server.files.set(`/resolve/main/${PUBLISHED}`, { body: bytes, token: RIGHT_TOKEN, ...change }),
    close: () => server.close(),
  };
}
