// Study runs as they are on record: what is done, what is missing, and what that makes of a run that no one works at.
import { AppError, notThere } from '../../../../shared/errors.js';
import type { FailedStudyCell, StudyCellKey, StudyRun } from '../../../../shared/study.js';
import type { StoredStudyRun, StudyRepository } from '../../../adapters/storage/study-repository.js';
import type { JobEnd } from '../../jobs/job-kind.js';
import { cellName, describeCell, listCells } from './cells/study-cells.js';

export class StudyRecords {
  constructor(private readonly studies: StudyRepository) {}

  /** Throws `not-found`. */
  find(runId: string): StoredStudyRun {
    const stored = this.studies.get(runId);
    if (!stored) throw noSuchRun(runId);
    return stored;
  }

  /** Cells that are not done; those that failed are among them. */
  missing(stored: StoredStudyRun): StudyCellKey[] {
    const done = new Set(this.studies.cells(stored.id).map(cellName));
    return listCells(stored).filter((key) => !done.has(cellName(key)));
  }

  /** Those that can be run: without those that would diverge again. Throws `conflict` where there are none. */
  requireMissing(runId: string): void {
    const failures = this.studies.failures(runId);
    const diverged = failures.filter(({ error }) => error.code === 'training-diverged');
    if (this.missing(this.find(runId)).length > diverged.length) return;
    const reason = failures.length > 0 ? 'what is missing would diverge the same way again' : 'every cell is done';
    throw new AppError(
      'conflict',
      `Study run ${runId} has nothing left to run: ${reason}`,
      `Look at it: npm run cli -- study show ${runId}`,
    );
  }

  /** What a run that no one works at is: stopped by `error`, or where there is none what its cells make of it. */
  end(runId: string, error: StudyRun['error']): JobEnd {
    if (error !== null) return { state: 'failed', error };
    const stored = this.find(runId);
    const failures = this.studies.failures(runId);
    if (this.missing(stored).length > failures.length) return { state: 'paused' };
    return failures.length === 0 ? { state: 'succeeded' } : { state: 'failed', error: partialFailure(stored, failures) };
  }
}

export function noSuchRun(runId: string): AppError {
  return notThere('study run', runId);
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
