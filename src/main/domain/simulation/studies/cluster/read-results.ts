// Results that came back from elsewhere, verified one by one: what does not fit is named with its reason and left out.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors.js';
import type { FailedStudyCell, StudyCell, StudyDefinition } from '../../../../../shared/study.js';
import { cellName, listCells, type StudyGrid } from '../cells/study-cells.js';
import { hashStudy, type ResultFile, resultFileSchema } from './cell-files.js';
import { readJson } from './read-json.js';

/** A curve of 100,000 episodes has less. */
const MAX_BYTES = 4 * 1024 ** 2;
const MAX_MESSAGE_LENGTH = 1000;
const RESULT_NAME = /^\d{1,9}\.json$/;

export interface ReadResults {
  cells: StudyCell[];
  failures: FailedStudyCell[];
  /** Files that say the same cell again. */
  duplicates: number;
  refused: { file: string; reason: string }[];
}

/** Reads every result file of a folder. Throws `io` where the folder can't be read. */
export async function readResults(folder: string, grid: StudyGrid): Promise<ReadResults> {
  const files = (await listFolder(folder)).filter((name) => RESULT_NAME.test(name)).sort();
  const known = new Set(listCells(grid).map(cellName));
  const seen = new Set<string>();
  const results: ReadResults = { cells: [], failures: [], duplicates: 0, refused: [] };
  for (const file of files) {
    const read = await readJson(join(folder, file), resultFileSchema, MAX_BYTES);
    const reason = 'reason' in read ? read.reason : findProblem(read.value, grid.study, known);
    if ('reason' in read || reason !== null) {
      results.refused.push({ file, reason: reason ?? '' });
      continue;
    }
    const { value } = read;
    const name = cellName('cell' in value ? value.cell : value.failure);
    if (seen.has(name)) results.duplicates++;
    else if ('cell' in value) results.cells.push({ ...value.cell, origin: 'imported', programVersion: value.programVersion });
    else results.failures.push(value.failure);
    seen.add(name);
  }
  return results;
}

/** Null where it fits the study; else why not. */
function findProblem(result: ResultFile, study: StudyDefinition, known: ReadonlySet<string>): string | null {
  if (result.studySha256 !== hashStudy(study)) return 'it belongs to another definition than tasks.json';
  const key = 'cell' in result ? result.cell : result.failure;
  if (!known.has(cellName(key))) return `tasks.json has no cell of point ${key.pointIndex}, ${key.method}, seed ${key.seed}`;
  if ('failure' in result) return findProblemOfFailure(result.failure);
  const { meanDelaySec, optTsDelaySec, ratioToOptTs, convergenceEpisode, curveSec } = result.cell;
  if (Math.abs(ratioToOptTs * optTsDelaySec - meanDelaySec) > 1e-9 * meanDelaySec) return 'ratioToOptTs is not the ratio of its delays';
  if ((convergenceEpisode ?? 0) > study.episodes) return `convergenceEpisode is beyond the ${study.episodes} episodes`;
  const expected = study.kind === 'curves' ? study.episodes : null;
  if ((curveSec?.length ?? null) !== expected) return `curveSec has ${curveSec?.length ?? 'no'} points, not ${expected ?? 'none'}`;
  return null;
}

function findProblemOfFailure({ error }: FailedStudyCell): string | null {
  if (error.code !== 'training-diverged') return 'it is about a failure of the machine, not about a result';
  return error.message.length > MAX_MESSAGE_LENGTH ? `its message has more than ${MAX_MESSAGE_LENGTH} characters` : null;
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    // Files only: a link or a pipe in its place is none of ours.
    return (await readdir(folder, { withFileTypes: true })).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError(
      'io',
      `The results ${folder} cannot be read: ${reason}`,
      'Name the exported folder, with its results copied back into it.',
    );
  }
}
