// A run, series, training or study as an archive has it: typed, without what does not leave this machine. Exports are made of it, and an import
// compares by it whether what is here already is the same.
import type { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import { RECORD_KIND_TITLES, type RecordRef } from '../../../shared/record.js';
import type { ArchiveRepository } from '../../adapters/storage/archive-repository.js';
import {
  type ArchivedJob,
  type ArchivedRecord,
  archivedRunSchema,
  archivedSeriesSchema,
  archivedStudySchema,
  archivedTrainingSchema,
} from '../../adapters/storage/archived-records.js';
import type { StoredJob } from '../jobs/job-store.js';
import { errorWithoutPlaces, factsWithoutPlaces, textWithoutPlaces } from './without-places.js';

export type RecordReader = Pick<ArchiveRepository, 'readRun' | 'readSeries' | 'readTraining' | 'readStudy'>;

/** Null where there is none of that id. Throws `conflict` for one that is not finished. */
export function readForArchive(reader: RecordReader, { kind, id }: RecordRef): ArchivedRecord | null {
  switch (kind) {
    case 'run': {
      const run = reader.readRun(id);
      if (!run) return null;
      if (run.finishedAtMs === null || !['succeeded', 'failed', 'stopped'].includes(run.state))
        throw notFinished({ kind, id }, run.spec.name);
      const nodes = run.nodes.map((node) => ({ ...node, facts: factsWithoutPlaces(node.facts) }));
      const tasks = run.tasks.map((task) => ({ ...task, errorMessage: textWithoutPlaces(task.errorMessage) }));
      const invalidReasons = run.invalidReasons.map(textWithoutPlaces);
      return { kind, record: toArchived(archivedRunSchema, { ...run, nodes, tasks, invalidReasons }) };
    }
    case 'series': {
      const series = reader.readSeries(id);
      if (!series) return null;
      return { kind, record: toArchived(archivedSeriesSchema, { ...series, job: jobOf({ kind, id }, series.job, false) }) };
    }
    case 'training': {
      const training = reader.readTraining(id);
      if (!training) return null;
      return { kind, record: toArchived(archivedTrainingSchema, { ...training, job: jobOf({ kind, id }, training.job, false) }) };
    }
    case 'study': {
      const study = reader.readStudy(id);
      if (!study) return null;
      const failures = study.failures.map((failure) => ({ ...failure, error: errorWithoutPlaces(failure.error) }));
      return { kind, record: toArchived(archivedStudySchema, { ...study, failures, job: jobOf({ kind, id }, study.job, true) }) };
    }
  }
}

/** As it is read back: what JSON does not keep is not in it, and neither is a field that the archive does not know. */
export function toArchived<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  return schema.parse(JSON.parse(JSON.stringify(value)));
}

/** A paused study run has all that it has; a training or a series that is paused belongs to the machine that goes on with it. */
function jobOf(
  ref: RecordRef,
  { subject, state, outcome, error, createdAtMs, startedAtMs, finishedAtMs }: StoredJob,
  mayBePaused: boolean,
): ArchivedJob {
  if (state === 'queued' || state === 'running' || (state === 'paused' && !mayBePaused)) throw notFinished(ref, subject.name);
  return { state, outcome: textWithoutPlaces(outcome), error: errorWithoutPlaces(error), createdAtMs, startedAtMs, finishedAtMs };
}

function notFinished({ kind }: RecordRef, name: string): AppError {
  return new AppError(
    'conflict',
    `${RECORD_KIND_TITLES[kind]} “${name}” is not finished`,
    'Wait for its end, or cancel it, and export it then.',
  );
}
