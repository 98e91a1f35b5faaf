// What a report or a block can be about, by kind: the lists of the records with a name each.
import { computed, type ComputedRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery } from '../../composables/useQuery.js';
import { formatDateTime } from '../../format.js';
import { nameTraining } from '../../../shared/name-training.js';
import type { ReportRecordKind } from '../../../shared/report-composition.js';

export interface RecordOption {
  value: string;
  label: string;
}

export const RECORD_TITLES: Record<ReportRecordKind, string> = {
  run: 'Run',
  series: 'Series',
  training: 'Training',
  study: 'Run of a study',
  testbed: 'Testbed',
};

/** Loads the list of a kind while it is chosen; the newest comes first. */
export function useReportRecords(kind: () => ReportRecordKind | null): {
  options: ComputedRef<RecordOption[]>;
  isLoading: ComputedRef<boolean>;
} {
  const api = useApi();
  const records = useQuery('reports.records', async (signal): Promise<RecordOption[]> => loadRecords(api, kind(), signal), {
    key: () => kind() ?? undefined,
  });
  return { options: computed(() => records.data.value ?? []), isLoading: computed(() => records.isLoading.value) };
}

async function loadRecords(api: ReturnType<typeof useApi>, kind: ReportRecordKind | null, signal: AbortSignal): Promise<RecordOption[]> {
  const option = (id: string, name: string, atMs: number): RecordOption & { atMs: number } => ({
    ...{ value: id, label: `${name} · ${formatDateTime(atMs)}`, atMs },
  });
  const load = async (): Promise<(RecordOption & { atMs: number })[]> => {
    switch (kind) {
      case 'run':
        return (await api.runs.list.query(undefined, { signal })).map(({ id, spec, createdAtMs }) => option(id, spec.name, createdAtMs));
      case 'series':
        return (await api.series.list.query(undefined, { signal })).map(({ id, spec, createdAtMs }) => option(id, spec.name, createdAtMs));
      case 'training':
        return (await api.trainings.list.query(undefined, { signal })).map(({ id, spec, createdAtMs }) =>
          option(id, nameTraining(spec), createdAtMs),
        );
      case 'study':
        return (await api.studies.runs.query(undefined, { signal })).map(({ id, study, createdAtMs }) =>
          option(id, study.figure ?? study.title, createdAtMs),
        );
      case 'testbed':
        return (await api.testbeds.list.query(undefined, { signal })).map(({ id, name, createdAtMs }) => option(id, name, createdAtMs));
      default:
        return [];
    }
  };
  return (await load()).sort((left, right) => right.atMs - left.atMs).map(({ value, label }) => ({ value, label }));
}
