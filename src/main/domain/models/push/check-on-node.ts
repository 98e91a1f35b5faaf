// Compares a whole model on a node with the record. Disks flip bits and people copy files: that it was verified once says nothing of today.
//
//   sampled   sizes (seen before), times of change, the first block of each file and some others, by chance: a fraction of a second
//   full      every byte, read back by the node itself: about as long as its disk takes for the model
import { AppError } from '../../../../shared/errors.js';
import { blockCount } from '../../../../shared/model-layout.js';
import type { ModelFile } from '../../../../shared/model.js';
import type { ModelCheck } from '../../../../shared/model-push.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import { type BlockOfModel, sampleScript, verifyScript } from './remote-scripts.js';

/** Blocks of 8 MiB that a sampled check reads back besides the first of each large file. */
const SAMPLED_BLOCKS = 6;
/**
 * After so long without it all of the model is compared, when something is done with the node anyway. A month: samples find a lost disk soon and a
 * single flipped bit late, and reading 6 GB takes a node half a minute that a run would feel, so it is not done by the clock.
 */
export const FULL_CHECK_AFTER_DAYS = 30;
/** A disk that gives 2 MB/s takes an hour for the model; a dead connection is noticed by SSH itself. */
const FULL_CHECK_TIMEOUT_MS = 3 * 3_600_000;
const DAY_MS = 86_400_000;

export interface CheckOptions {
  exec: (command: string, options: ExecOptions) => Promise<ExecResult>;
  nodeName: string;
  model: { sha256: string; files: readonly ModelFile[] };
  /** SHA-256 in hex of a block of the model as it is here; null where its files are not here. */
  localSha256: ((block: BlockOfModel) => Promise<string>) | null;
  /** Epoch ms. */
  nowMs: number;
  /** From 0 to 1, 1 excluded. */
  random: () => number;
}

export interface SampledCheck extends ModelCheck {
  extent: 'sampled';
  /** Whether all of it has not been compared for long, or never, or files are newer than that. */
  isFullDue: boolean;
}

/** Throws `ssh-command-failed` when the node's answer makes no sense. */
export async function checkSampled(options: CheckOptions): Promise<SampledCheck> {
  const { exec, nodeName, model, localSha256, nowMs, random } = options;
  const blocks = localSha256 ? chooseBlocks(model.files, random) : [];
  const paths = model.files.map(({ path }) => path);
  const result = await exec(sampleScript(model.sha256, paths, blocks), {});
  const words = wordsOf(result);
  const verified = words.find(([name]) => name === 'verified')?.[1] ?? '';
  const lastFullAtMs = /^\d{1,15}$/.test(verified) ? Number(verified) : null;
  const isChanged = words.some(([name]) => name === 'changed');
  const differing = new Set<string>();
  for (const block of blocks) {
    const theirs = words.find(
      ([name, file, index]) => name === 'block' && file === String(block.file) && index === String(block.block),
    )?.[3];
    if (!isHash(theirs)) throw notAnswered(nodeName, result);
    // A file here that is gone or has changed says nothing of the node.
    const ours = await localSha256?.(block).catch(() => null);
    if (ours && ours !== theirs) differing.add(paths[block.file] ?? '');
  }
  // A clock that went back would put the full check off for ever.
  const isOld = lastFullAtMs === null || Math.abs(nowMs - lastFullAtMs) > FULL_CHECK_AFTER_DAYS * DAY_MS;
  return { extent: 'sampled', differingFiles: [...differing], isFullDue: isOld || isChanged, lastFullAtMs };
}

/** Has the node read every byte; what is right is noted there. Throws as `checkSampled`. */
export async function checkFully({ exec, nodeName, model, nowMs }: Omit<CheckOptions, 'localSha256' | 'random'>): Promise<ModelCheck> {
  const result = await exec(verifyScript(model.sha256, model.files, nowMs), { timeoutMs: FULL_CHECK_TIMEOUT_MS });
  const hashes = new Map(wordsOf(result).flatMap(([name, index, hash]) => (name === 'file' && isHash(hash) ? [[index, hash]] : [])));
  if (hashes.size !== model.files.length) throw notAnswered(nodeName, result);
  const differingFiles = model.files.filter(({ sha256 }, index) => hashes.get(String(index)) !== sha256).map(({ path }) => path);
  return { extent: 'full', differingFiles, lastFullAtMs: nowMs };
}

/** The first block of each file of more than one, where its header is, and others by chance, none twice. */
function chooseBlocks(files: readonly ModelFile[], random: () => number): BlockOfModel[] {
  const all = files.flatMap(({ sizeBytes }, file) => Array.from({ length: blockCount(sizeBytes) }, (_, block) => ({ file, block })));
  const chosen = all.filter(({ file, block }) => block === 0 && blockCount(files[file]?.sizeBytes ?? 0) > 1);
  const rest = all.filter((block) => !chosen.includes(block));
  for (let count = 0; count < SAMPLED_BLOCKS && rest.length > 0; count++) {
    chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return chosen;
}

function wordsOf({ stdout }: ExecResult): string[][] {
  return stdout.split('\n').map((line) => line.trim().split(/\s+/));
}

function isHash(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text);
}

function notAnswered(nodeName: string, { stderr }: ExecResult): AppError {
  return new AppError(
    'ssh-command-failed',
    `Node "${nodeName}" could not read its model back: ${printable(stderr) || 'its answer is not complete'}`,
    'Check that dd, find, and openssl or sha256sum run in an SSH session there, then try again.',
  );
}
