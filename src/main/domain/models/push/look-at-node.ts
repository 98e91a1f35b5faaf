// What is on a node of a model, and whether the rest fits.
import { AppError } from '../../../../shared/errors.js';
import type { ModelFile } from '../../../../shared/model.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import { lookScript } from './remote-scripts.js';

interface FoundFile {
  path: string;
  /** Sizes in bytes; null where there is no such file. Verified: under its name in the unfinished folder. */
  verifiedBytes: number | null;
  partBytes: number | null;
  finalBytes: number | null;
}

export interface ModelOnNode {
  /** The model has its name there and every file its size: it was verified before it got the name. */
  isWhole: boolean;
  files: FoundFile[];
  /** Still to be written, bytes. */
  missingBytes: number;
  /** Free on the disk of the home folder, bytes. */
  freeBytes: number;
}

export interface LookOptions {
  exec: (command: string, options: ExecOptions) => Promise<ExecResult>;
  nodeName: string;
  model: { sha256: string; files: readonly ModelFile[] };
}

const sizeOf = (text: string | undefined): number | null => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** Changes nothing on the node. Throws `ssh-command-failed` when its answer makes no sense. */
export async function lookAtNode({ exec, nodeName, model }: LookOptions): Promise<ModelOnNode> {
  return readLook(await exec(lookScriptOf(model), {}), { nodeName, model });
}

/** Prints what `readLook` reads. */
export function lookScriptOf({ sha256, files }: LookOptions['model']): string {
  return lookScript(
    sha256,
    files.map((file) => file.path),
  );
}

/** Throws `ssh-command-failed` when the answer makes no sense. */
export function readLook(
  result: Pick<ExecResult, 'stdout' | 'stderr'>,
  { nodeName, model }: Pick<LookOptions, 'nodeName' | 'model'>,
): ModelOnNode {
  const words = result.stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const freeKibibytes = sizeOf(words.find(([name]) => name === 'free')?.[1]);
  const rows = new Map<number, string[]>();
  for (const [name, index, ...sizes] of words) if (name === 'file') rows.set(Number(index), sizes);
  if (freeKibibytes === null || model.files.some((_, index) => !rows.has(index))) {
    throw new AppError(
      'ssh-command-failed',
      `Node "${nodeName}" could not report what it has of the model: ${printable(result.stderr) || 'its answer is not complete'}`,
      'Check that dd, df, du and wc run in an SSH session there, then try again.',
    );
  }
  let missingBytes = 0;
  const files = model.files.map(({ path, sizeBytes }, index): FoundFile => {
    const [verified, part, takenKibibytes, final] = (rows.get(index) ?? []).map(sizeOf);
    const found = { path, verifiedBytes: verified ?? null, partBytes: part ?? null, finalBytes: final ?? null };
    // A file with holes takes less than its size.
    const takenBytes = Math.min(found.partBytes ?? 0, (takenKibibytes ?? 0) * 1024);
    if (found.verifiedBytes !== sizeBytes && found.finalBytes !== sizeBytes) missingBytes += Math.max(0, sizeBytes - takenBytes);
    return found;
  });
  const isNamed = words.some(([name]) => name === 'whole');
  const isWhole = isNamed && files.every(({ finalBytes }, index) => finalBytes === model.files[index]?.sizeBytes);
  return { isWhole, files, missingBytes, freeBytes: freeKibibytes * 1024 };
}

/** Why the rest of the model does not fit, in a sentence without the node's name; null when it does. */
export function whyNoRoom({ missingBytes, freeBytes }: ModelOnNode, reserveBytes: number): string | null {
  if (missingBytes === 0 || missingBytes + reserveBytes <= freeBytes) return null;
  return `its home folder has ${gigabytes(freeBytes)} free, and ${gigabytes(missingBytes)} of the model are to come, with ${gigabytes(reserveBytes)} to stay free`;
}

function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
