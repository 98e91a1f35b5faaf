// Records of models for nodes with the image worker.
import type { StoredModel } from '../../src/main/adapters/storage/model-repository.js';
import { hashModel } from '../../src/main/domain/models/hash-model.js';
import { inspectModel } from '../../src/main/domain/models/inspect-model.js';

/** What reads a model whole is never canceled here. */
export const UNBOUNDED = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };

/** The model that lies at the path, as if it had been added. */
export async function recordOf(id: string, path: string): Promise<StoredModel> {
  const content = await hashModel(await inspectModel(path), UNBOUNDED);
  return { ...content, id, name: id, path, addedAtMs: 0, license: null, refinedFromSha256: null };
}

/** A model that is on record and nowhere else: the run ends where it would be pushed. */
export function modelRecord(): StoredModel {
  const file = { path: 'model.safetensors', sizeBytes: 1, sha256: '0'.repeat(64) };
  const content = {
    layout: 'all-in-one',
    family: 'sd3-other',
    parts: [],
    leftOut: [],
    files: [file],
    sizeBytes: 1,
    sha256: '0'.repeat(64),
  } as const;
  return {
    ...content,
    parts: [],
    leftOut: [],
    files: [file],
    id: 'refined',
    name: 'refined',
    path: '/nowhere/model.safetensors',
    addedAtMs: 0,
    license: null,
    refinedFromSha256: null,
  };
}
