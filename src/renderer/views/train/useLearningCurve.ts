import { refThrottled } from '@vueuse/core';
import { computed, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery, type Query } from '../../composables/useQuery.js';
import type { EpisodeMetrics, Training } from '../../../shared/training.js';
import { joinCurve } from '../../../shared/training-curves.js';

/** Real ms between two loads of new points. */
const INTERVAL_MS = 500;

/** The learning curve of a training that may still run: loaded once, then only its new points as they come. */
export function useLearningCurve(training: Ref<Training | undefined>): {
  curve: ShallowRef<EpisodeMetrics[]>;
  error: Query<unknown>['error'];
} {
  const api = useApi();
  const curve = shallowRef<EpisodeMetrics[]>([]);
  // Throttled with its last value, so that the end is never missed.
  const version = refThrottled(
    computed(() => training.value && [training.value.id, training.value.doneEpisodes].join(' ')),
    INTERVAL_MS,
  );
  const points = useQuery(
    'trainings.curve',
    (signal) =>
      api.trainings.curve.query({ id: training.value?.id ?? '', fromEpisode: (curve.value.at(-1)?.episode ?? 0) + 1 }, { signal }),
    { key: () => version.value, isKeptWhileLoading: true },
  );
  watch(points.data, (newer) => newer && (curve.value = joinCurve(curve.value, newer)));
  return { curve, error: points.error };
}
