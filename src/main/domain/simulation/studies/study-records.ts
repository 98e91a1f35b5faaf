// Study runs as they are on record: what is done, what is missing, and what that makes of a run that nobody works at.
import { AppError } from '../../../../shared/errors.js';
import type { FailedStudyCell, StudyCellKey, StudyRun } from '../../../../shared/study.js';
import type { StoredStudyRun, StudyRepository } from '../../../adapters/storage/study-repository.js';
import { cellName, describeCell, listCells, type StudyGrid } from './cells/study-cells.js';

export interface StudyRecordsOptions {
  studies: StudyRepository;
  programVersion: string;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

export class StudyRecords {
  constructor(private readonly options: StudyRecordsOptions) {}

  /** Throws `not-found`. */
  find(runId: string): StoredStudyRun {
    const stored = this.options.studies.get(runId);
    if (!stored) throw new AppError('not-found', `There is no study run ${runId}`, 'List the runs to see which there are.');
    return stored;
  }

  /** Returns the new run's id. */
  add(grid: StudyGrid, state: StoredStudyRun['state']): string {
    const { studies, programVersion, newId, nowMs } = this.options;
    const id = newId('study');
    studies.add({ id, ...grid, state, error: null, programVersion, createdAtMs: nowMs(), finishedAtMs: null });
    return id;
  }

  change(runId: string, changed: Partial<StoredStudyRun>): void {
    this.options.studies.update({ ...this.find(runId), ...changed });
  }

  /** Cells that are not done; those that failed are among them. */
  missing(stored: StoredStudyRun): StudyCellKey[] {
    const done = new Set(this.options.studies.cells(stored.id).map(cellName));
    return listCells(stored).filter((key) => !done.has(cellName(key)));
  }

  /** Puts on record that it was stopped by `error`, or where there is none what its cells make of it. */
  settle(runId: string, error: StudyRun['error']): void {
    const finishedAtMs = this.options.nowMs();
    const stored = this.find(runId);
    const failures = this.options.studies.failures(runId);
    if (error !== null) this.change(runId, { state: 'failed', error, finishedAtMs });
    else if (this.missing(stored).length > failures.length) this.change(runId, { state: 'paused', error: null, finishedAtMs: null });
    else if (failures.length === 0) this.change(runId, { state: 'succeeded', error: null, finishedAtMs });
    else this.change(runId, { state: 'failed', error: partialFailure(stored, failures), finishedAtMs });
  }
}

function partialFailure({ study }: StoredStudyRun, failures: readonly FailedStudyCell[]): StudyRun['error'] {
  const [first, ...others] = failures;
  const example = first ? `: ${describeCell(study, first)} (${first.error.message})` : '';
  const rest = others.length > 0 ? ` and ${others.length} more` : '';
  return new AppError(
    'partial-failure',
    `Cells gave nothing${example}${rest}`,
    'The others are kept; the figure leaves these out.',
  ).toShape();
}
