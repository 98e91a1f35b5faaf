import { refThrottled } from '@vueuse/core';
import { computed, type ComputedRef, type Ref } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery, type Query } from '../../composables/useQuery.js';
import type { StudyCell, StudyFigure, StudyRun } from '../../../shared/study.js';
import { isUnderWay } from './describe-study.js';

/** Real ms between two loads while cells come in. */
const INTERVAL_MS = 1000;

/** Figure and cells of a run that may still grow: loaded again when a cell was done or failed. */
export function useStudyFigure(run: Ref<StudyRun | undefined>): {
  figure: ComputedRef<StudyFigure | undefined>;
  cells: ComputedRef<readonly StudyCell[]>;
  error: Query<unknown>['error'];
  refresh: () => Promise<void>;
} {
  const api = useApi();
  const version = computed(() => run.value && [run.value.id, run.value.doneCount, run.value.failedCount].join(' '));
  const throttled = refThrottled(version, INTERVAL_MS);
  const query = useQuery(
    'studies.figure',
    (signal) => {
      const id = run.value?.id ?? '';
      return Promise.all([api.studies.figure.query({ id }, { signal }), api.studies.cells.query({ id }, { signal })]);
    },
    { key: () => (run.value && isUnderWay(run.value) ? throttled.value : version.value), isKeptWhileLoading: true },
  );
  return {
    figure: computed(() => query.data.value?.[0]),
    cells: computed(() => query.data.value?.[1] ?? []),
    error: query.error,
    refresh: query.refresh,
  };
}
