// The run that is in progress on a testbed, live; nothing where none is.
import { computed, type ComputedRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useQuery } from '../../composables/useQuery.js';
import { useSubscription } from '../../composables/useSubscription.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import type { RunLive } from '../../../shared/run.js';
import type { Testbed } from '../../../shared/testbed.js';

export interface RunOfTestbed {
  /** Undefined where none is in progress there, or it is not known yet. */
  live: ComputedRef<RunLive | undefined>;
  error: ComputedRef<AppErrorShape | null>;
}

export function useRunOfTestbed(testbed: () => Pick<Testbed, 'id' | 'name'>): RunOfTestbed {
  const api = useApi();
  const open = useQuery(
    'testbed.open-runs',
    (signal) => api.history.list.query({ query: 'kind:run state:running,paused,stopping', limit: 20 }, { signal }),
    { intervalMs: 2000 },
  );
  // A testbed has one run at a time. Names may be the same: what is followed says whose it is.
  const runId = computed(() => open.data.value?.items.find(({ testbedName }) => testbedName === testbed().name)?.id);
  const subscription = useSubscription<RunLive>((handlers) => api.runs.watch.subscribe({ id: runId.value ?? '' }, handlers), {
    key: () => runId.value,
  });
  return {
    live: computed(() => {
      const live = subscription.data.value;
      return live?.run.spec.testbedId === testbed().id && live.run.finishedAtMs === null ? live : undefined;
    }),
    error: computed(() => open.error.value ?? subscription.error.value),
  };
}
