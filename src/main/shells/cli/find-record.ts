// People name a run, a series, a training or a study run by its id, or by a name that only one of them has.
import { AppError } from '../../../shared/errors.js';
import { RECORD_KIND_TITLES, type RecordRef } from '../../../shared/record.js';
import type { Session } from './session.js';

type NamedRecord = RecordRef & { name: string };

/** Throws `not-found`, or `conflict` where a name fits several. */
export async function findRecord(api: Session['api'], nameOrId: string): Promise<NamedRecord> {
  const records = await listRecords(api);
  const byId = records.find(({ id }) => id === nameOrId);
  if (byId) return byId;
  const [found, ...others] = records.filter(({ name }) => name === nameOrId);
  if (found && others.length > 0) {
    const ids = [found, ...others].map(({ kind, id }) => `${id} (${RECORD_KIND_TITLES[kind].toLowerCase()})`).join(', ');
    throw new AppError('conflict', `${others.length + 1} records are named “${nameOrId}”`, `Use an id: ${ids}.`);
  }
  if (found) return found;
  const hint = 'List them to see their ids: run list, series list, policy list, study list.';
  throw new AppError('not-found', `There is no run, series, training or study run “${nameOrId}”`, hint);
}

async function listRecords(api: Session['api']): Promise<NamedRecord[]> {
  const [runs, series, trainings, studies] = await Promise.all([
    api.runs.list(),
    api.series.list(),
    api.trainings.list(),
    api.studies.runs(),
  ]);
  return [
    ...runs.map(({ id, spec }): NamedRecord => ({ kind: 'run', id, name: spec.name })),
    ...series.map(({ id, spec }): NamedRecord => ({ kind: 'series', id, name: spec.name })),
    ...trainings.map(({ id, spec }): NamedRecord => ({ kind: 'training', id, name: `${spec.method}, seed ${spec.seed}` })),
    ...studies.map(({ id, study }): NamedRecord => ({ kind: 'study', id, name: study.name })),
  ];
}
