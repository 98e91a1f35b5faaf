// How results from elsewhere join a run: pure.
import type { FailedStudyCell, StudyCell, StudyRun } from '../../../../shared/study.js';
import { hashStudy } from './cluster/cell-files.js';
import type { ReadResults } from './cluster/read-results.js';
import { cellName, type StudyGrid } from './cells/study-cells.js';

export interface StudyImport {
  run: StudyRun;
  /** Whether the run was made for it. */
  isNew: boolean;
  /** Cells that are new to the run. */
  added: number;
  /** Cells that are new to the run and diverged. */
  failed: number;
  /** Results left out because the run, or another file, has that cell. */
  known: number;
  /** Files left out, each with its reason. */
  refused: { file: string; reason: string }[];
}

/** Whether two runs have the same cells. */
export function isSameGrid(a: StudyGrid, b: StudyGrid): boolean {
  const cellsOf = ({ study, firstSeed, seeds }: StudyGrid): string =>
    [study.name, hashStudy(study), [...study.methods].sort().join(), firstSeed, seeds].join();
  return cellsOf(a) === cellsOf(b);
}

/** Leaves out what the run has already. A result takes the place of a failure, not the other way round. */
export function mergeResults(
  { cells, failures, duplicates }: ReadResults,
  before: { cells: readonly StudyCell[]; failures: readonly FailedStudyCell[] },
): { cells: StudyCell[]; failures: FailedStudyCell[]; known: number } {
  const done = new Set(before.cells.map(cellName));
  const failed = new Set(before.failures.map(cellName));
  const newCells = cells.filter((cell) => !done.has(cellName(cell)));
  const newFailures = failures.filter((failure) => !done.has(cellName(failure)) && !failed.has(cellName(failure)));
  const known = duplicates + cells.length - newCells.length + failures.length - newFailures.length;
  return { cells: newCells, failures: newFailures, known };
}
