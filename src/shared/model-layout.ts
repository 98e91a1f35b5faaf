// Where a pushed model lies on a node, relative to the agent's folder there, and how its files are cut into blocks.
//
//   models/<sha256 of the model>.part/<file>.part    a file on its way: blocks in any order
//   models/<sha256 of the model>.part/<file>         a file whose SHA-256 was verified
//   models/<sha256 of the model>/<file>              the model, once every file was

/** Of every block of a file but the last. A broken line costs one, and what was on the way in the connection: 16 MiB at the most together. */
export const BLOCK_BYTES = 8 * 1024 * 1024;

const MODELS_DIR = 'models';

export function modelDir(modelSha256: string): string {
  return `${MODELS_DIR}/${modelSha256}`;
}

export function stagingDir(modelSha256: string): string {
  return `${MODELS_DIR}/${modelSha256}.part`;
}

/** Where a file of a model may be, the likeliest place first. */
export function pathsOfFile(modelSha256: string, path: string): [part: string, verified: string, final: string] {
  const staged = `${stagingDir(modelSha256)}/${path}`;
  return [`${staged}.part`, staged, `${modelDir(modelSha256)}/${path}`];
}

/** True for a relative path of plain names: no empty, hidden or parent folders, so that it stays in its model's folder. */
export function isModelFilePath(path: string): boolean {
  return path.length <= 1024 && /^[^./\0\\][^/\0\\]*(\/[^./\0\\][^/\0\\]*)*$/.test(path);
}

export function blockCount(sizeBytes: number, blockBytes: number = BLOCK_BYTES): number {
  return Math.ceil(sizeBytes / blockBytes);
}

/** Bytes of one block: the last may be shorter. */
export function blockLength(sizeBytes: number, index: number, blockBytes: number = BLOCK_BYTES): number {
  return Math.min(blockBytes, sizeBytes - index * blockBytes);
}
