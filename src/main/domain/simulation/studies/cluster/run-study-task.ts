// One cell of an exported study, on a machine that has the program and the folder and nothing else. May be run again at any time.
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../../../../durable-file/write-durably.js';
import { AppError, toErrorShape } from '../../../../../shared/errors.js';
import type { StudyCellKey, StudyDefinition } from '../../../../../shared/study.js';
import type { EpisodeMetrics } from '../../../../../shared/training.js';
import type { StartTrainer } from '../../training/trainer-messages.js';
import { describeCell, listCells, planCell } from '../cells/study-cells.js';
import { summarizeCell } from '../cells/summarize-cell.js';
import { buildResultFile, type ResultFile } from './cell-files.js';
import { readTasks } from './read-tasks.js';

export interface StudyTask {
  tasksPath: string;
  /** Which cell of the file, from 0 on. */
  index: number;
  /** Where the result goes; the checkpoint of an interrupted one stays beside it. */
  outFolder: string;
  startTrainer: StartTrainer;
  programVersion: string;
  /** Writes a checkpoint after the episode under way and ends. */
  signal: AbortSignal;
  onProgress(text: string): void;
}

export interface StudyTaskOutcome {
  cell: string;
  resultPath: string;
  /** The result was there already, and nothing was run. */
  isOld: boolean;
}

/**
 * Throws `invalid-input` for a damaged file or an index that there is not, `training-diverged` after it wrote that as the result, `cancelled`
 * when interrupted, and what the training process throws.
 */
export async function runStudyTask(task: StudyTask): Promise<StudyTaskOutcome> {
  const { study, ...seeds } = await readTasks(task.tasksPath);
  const cells = listCells({ study, ...seeds });
  const key = cells[task.index];
  if (!key) {
    throw new AppError('invalid-input', `${task.tasksPath} has no task ${task.index}`, `Its tasks are 0 to ${cells.length - 1}.`);
  }
  const cell = describeCell(study, key);
  const resultPath = join(task.outFolder, resultFileName(task.index));
  if (await isFile(resultPath)) return { cell, resultPath, isOld: true };
  const folder = join(task.outFolder, `checkpoint-${task.index}`);
  const { result, failure } = await compute(task, study, key, folder);
  await writeResult(resultPath, `${JSON.stringify(result)}\n`);
  await rm(folder, { recursive: true, force: true });
  if (failure) throw failure;
  return { cell, resultPath, isOld: false };
}

export function resultFileName(index: number): string {
  return `${String(index).padStart(5, '0')}.json`;
}

async function compute(
  { startTrainer, programVersion, signal, onProgress }: StudyTask,
  study: StudyDefinition,
  key: StudyCellKey,
  folder: string,
): Promise<{ result: ResultFile; failure: AppError | null }> {
  const plan = planCell(study, key);
  const curve: EpisodeMetrics[] = [];
  const process = startTrainer('policy' in plan ? plan : { ...plan, folder }, (episodes) => {
    curve.push(...episodes);
    onProgress(`${describeCell(study, key)}: episode ${curve.length} of ${study.episodes}`);
  });
  const onAbort = (): void => process.pause();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    if ((await process.ended) === 'paused') {
      throw new AppError(
        'cancelled',
        `Interrupted after episode ${curve.length} of ${study.episodes}`,
        'Run the same task again: it continues.',
      );
    }
    const cell = { ...key, ...summarizeCell(study, key.method, curve) };
    return { result: buildResultFile(study, programVersion, { cell }), failure: null };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'training-diverged') throw thrown;
    const failed = { ...key, error: toErrorShape(thrown) };
    return { result: buildResultFile(study, programVersion, { failure: failed }), failure: thrown };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function writeResult(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(path, text, { mode: 0o666 });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `The result ${path} cannot be written: ${reason}`, 'Give --out a folder that can be written to.');
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
