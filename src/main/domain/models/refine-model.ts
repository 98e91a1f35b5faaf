// Refines SD3 medium to reSD3-m: every tensor but those of T5-XXL, streamed to a new place. The original is only read.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, realpath, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import type { ModelFile, RefineReport } from '../../../shared/model.js';
import { MODEL_INDEX_NAME, parseModelIndex } from './diffusers-folder.js';
import { combinedSha256 } from './hash-model.js';
import type { WorkOptions } from './hash-model.js';
import { inspectModel } from './inspect-model.js';
import { invalidModel, toModelFileError } from './model-errors.js';
import { partPath, removeLeftovers } from './part-path.js';
import { planRefine } from './plan-refine.js';
import type { OutputFile, RefinePlan } from './plan-refine.js';
import { ProgressMeter } from './progress-meter.js';
import { syncFolder } from '../../../durable-file/sync-folder.js';
import { checkFree, publish } from '../../foundation/publish.js';
import { streamRanges, writeAll } from './stream-ranges.js';

/** Kept free beside the output: file systems behave badly when they are full to the last byte. */
const SPACE_MARGIN_BYTES = 16 * 1024 * 1024;

export interface RefineOptions extends WorkOptions {
  /** Absolute. */
  inputPath: string;
  outputPath: string;
  overwrite: boolean;
}

/**
 * Throws what `inspectModel` throws; `invalid-input` when there is no T5-XXL or when input and output overlap; `conflict` when the output
 * is there already; `no-space`, `io`; or the signal's reason. Then nothing is left at or beside the output.
 */
export async function refineModel(options: RefineOptions): Promise<Omit<RefineReport, 'peakMemoryBytes'>> {
  const { inputPath, outputPath, overwrite } = options;
  const startedMs = options.nowMs();
  const model = await inspectModel(inputPath);
  await checkPaths(inputPath, outputPath);
  await checkFree(outputPath, overwrite);
  const isFolder = model.layout !== 'all-in-one';
  const indexPath = join(inputPath, MODEL_INDEX_NAME);
  const modelIndex = model.layout === 'diffusers' ? parseModelIndex(await readFile(indexPath, 'utf8'), indexPath) : null;
  const plan = planRefine(model, inputPath, modelIndex);
  await removeLeftovers(outputPath);
  await checkSpace(outputPath, plan.afterBytes);
  const part = partPath(outputPath, process.pid);
  // Left by an ended process that had our number.
  await rm(part, { recursive: true, force: true });
  try {
    const files = isFolder ? await writeFolder(plan, part, options) : await writeSingle(plan, part, basename(outputPath), options);
    options.signal.throwIfAborted();
    await publish(part, outputPath, { isFolder, overwrite });
    const { beforeBytes, afterBytes, keptTensors, droppedTensors } = plan;
    return {
      inputPath,
      outputPath,
      layout: model.layout,
      beforeBytes,
      afterBytes,
      savedBytes: beforeBytes - afterBytes,
      keptTensors,
      droppedTensors,
      sha256: combinedSha256(files, isFolder),
      elapsedMs: options.nowMs() - startedMs,
    };
  } catch (thrown) {
    await rm(part, { recursive: true, force: true });
    throw toModelFileError(thrown, outputPath);
  }
}

/** Input and output must not lie in each other, whatever links lead there. */
async function checkPaths(inputPath: string, outputPath: string): Promise<void> {
  const folder = dirname(outputPath);
  const realFolder = await realpath(folder).catch((thrown: unknown) => {
    throw toModelFileError(thrown, folder);
  });
  const realOutput = await realpath(outputPath).catch(() => join(realFolder, basename(outputPath)));
  const realInput = await realpath(inputPath);
  const isWithin = (inner: string, outer: string): boolean => {
    const path = relative(outer, inner);
    return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(path));
  };
  if (!isWithin(realInput, realOutput) && !isWithin(realOutput, realInput)) return;
  throw new AppError('invalid-input', `The output ${outputPath} lies in the input or the input in it`, 'Name another path for the output.');
}

async function checkSpace(outputPath: string, neededBytes: number): Promise<void> {
  const folder = dirname(outputPath);
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + SPACE_MARGIN_BYTES) return;
  throw new AppError(
    'no-space',
    `The refined model takes ${neededBytes} bytes; ${freeBytes} are free in ${folder}`,
    'Free some space there, or name an output on another disk.',
  );
}

async function writeSingle(plan: RefinePlan, part: string, name: string, options: WorkOptions): Promise<ModelFile[]> {
  const meter = meterFor(plan, options);
  const files = await Promise.all(plan.files.map((file) => writeFile(file, part, options.signal, meter)));
  return files.map((file) => ({ ...file, path: name }));
}

async function writeFolder(plan: RefinePlan, part: string, options: WorkOptions): Promise<ModelFile[]> {
  const meter = meterFor(plan, options);
  const written: ModelFile[] = [];
  const folders = new Set([part]);
  await mkdir(part);
  for (const file of plan.files) {
    const path = join(part, ...file.relativePath.split('/'));
    await mkdir(dirname(path), { recursive: true });
    folders.add(dirname(path));
    written.push(await writeFile(file, path, options.signal, meter));
  }
  for (const folder of folders) await syncFolder(folder);
  return written;
}

function meterFor(plan: RefinePlan, options: WorkOptions): ProgressMeter {
  return new ProgressMeter({ phase: 'copying', totalBytes: plan.afterBytes, nowMs: options.nowMs, report: options.onProgress });
}

/** Writes one file and syncs it. */
async function writeFile(file: OutputFile, path: string, signal: AbortSignal, meter: ProgressMeter): Promise<ModelFile> {
  const hash = createHash('sha256').update(file.head);
  await using target = await open(path, 'wx');
  await writeAll(target, file.head);
  meter.add(file.head.length);
  if (file.source) {
    await using source = await open(file.source.path, 'r');
    const before = await source.stat();
    await streamRanges(source, file.source.ranges, target, { hash, signal, onBytes: (bytes) => meter.add(bytes) });
    const after = await source.stat();
    if (before.size !== file.source.sizeBytes || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw invalidModel(file.source.path, 'changed while it was read', 'Wait until nothing writes to it, then try again.');
    }
  }
  await target.sync();
  return { path: file.relativePath, sizeBytes: file.sizeBytes, sha256: hash.digest('hex') };
}
