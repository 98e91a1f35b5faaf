// What needs a person, from everything that knows of it, and when that was last looked at. One source that fails leaves the others.
import { useLocalStorage } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useClock } from '../../composables/useClock.js';
import { useQuery } from '../../composables/useQuery.js';
import { useSubscription } from '../../composables/useSubscription.js';
import type { DataStatus } from '../../../shared/data-care.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { formatAge } from '../../../shared/format.js';
import type { Job } from '../../../shared/job.js';
import type { Testbed } from '../../../shared/testbed.js';
import { type AttentionItem, listAttention } from './attention.js';
import type { TestbedsLive } from './useTestbedsLive.js';

export interface Attention {
  items: ComputedRef<AttentionItem[]>;
  /** `Checked 4 s ago.`; null before everything has been looked at once. */
  checked: ComputedRef<string | null>;
  error: ComputedRef<AppErrorShape | null>;
  /** What is over and is shown now has been looked at. */
  markSeen: () => void;
}

const LOOK_EVERY_MS = 5000;
/** Older trouble is in the history, real ms. */
const RECENT_MS = 7 * 86_400_000;
const MAX_BAD_RUNS = 100;

export function useAttention(testbeds: () => readonly Testbed[] | undefined, live: TestbedsLive): Attention {
  const api = useApi();
  const now = useClock(1000);
  // Epoch ms, kept in this browser.
  const seenMs = useLocalStorage('dedgeai.attention-seen-ms', 0);
  const lookedAtMs = shallowRef<{ runs?: number; hostKeys?: number; jobs?: number }>({});
  const looked = (what: keyof typeof lookedAtMs.value): void => void (lookedAtMs.value = { ...lookedAtMs.value, [what]: Date.now() });

  const badRuns = useQuery(
    'overview.bad-runs',
    async (signal) => {
      const list = (query: string) => api.history.list.query({ query, limit: MAX_BAD_RUNS }, { signal });
      const [invalid, failed] = await Promise.all([list('kind:run valid:no since:7d'), list('kind:run state:failed since:7d')]);
      looked('runs');
      return [...new Map([...failed.items, ...invalid.items].map((entry) => [entry.id, entry])).values()];
    },
    { intervalMs: LOOK_EVERY_MS },
  );
  const realIds = computed(() => (testbeds() ?? []).filter(({ kind }) => kind === 'real').map(({ id }) => id));
  const questions = useQuery(
    'overview.host-keys',
    async (signal) => {
      const lists = await Promise.all(
        realIds.value.map(async (testbedId) => {
          const asked = await api.hostKeys.questions.query({ testbedId }, { signal });
          return asked.map((question) => ({ ...question, testbedId }));
        }),
      );
      looked('hostKeys');
      return lists.flat();
    },
    { key: () => (testbeds() ? realIds.value : undefined), intervalMs: LOOK_EVERY_MS, isKeptWhileLoading: true },
  );
  const jobs = useSubscription<Job[]>((handlers) => api.jobs.watch.subscribe({}, handlers));
  watch(jobs.data, () => looked('jobs'));
  const data = useSubscription<DataStatus>((handlers) => api.data.watch.subscribe(undefined, handlers));

  const items = computed(() =>
    listAttention({
      testbeds: testbeds() ?? [],
      live: live.nodes.value,
      badRuns: badRuns.data.value ?? [],
      jobs: (jobs.data.value ?? []).filter(({ finishedAtMs }) => finishedAtMs !== null && now.value - finishedAtMs < RECENT_MS),
      questions: questions.data.value ?? [],
      data: data.data.value ?? null,
      seenMs: seenMs.value,
    }),
  );

  return {
    items,
    checked: computed(() => {
      const { runs, hostKeys, jobs: jobsAtMs } = lookedAtMs.value;
      if (!testbeds() || runs === undefined || hostKeys === undefined || jobsAtMs === undefined) return null;
      // Jobs are heard of when they change; the oldest look of the others is how old all of it is.
      const heardMs = live.heardAtMs.value;
      const oldestMs = Math.min(runs, hostKeys, ...(heardMs === null ? [] : [heardMs]));
      return `Checked ${formatAge(Math.max(0, now.value - oldestMs))}.`;
    }),
    error: computed(() => badRuns.error.value ?? questions.error.value ?? jobs.error.value ?? data.error.value ?? live.error.value),
    markSeen() {
      const ended = items.value.flatMap(({ endedAtMs }) => endedAtMs ?? []);
      if (ended.length > 0) seenMs.value = Math.max(seenMs.value, ...ended);
    },
  };
}
