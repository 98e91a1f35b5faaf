// What live board and ended run share: the lanes of the timeline and the task that is open beside it.
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { GanttLane } from '../../charts/gantt/gantt-data.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import type { RunLive } from '../../../shared/run.js';
import { hasEnded } from './describe-run.js';
import { noteSeen, toLanes, type NamedNode, type RunBarStore, type SeenComputations } from './run-bars.js';
import { useRunBars } from './useRunBars.js';

/** Before the start, where nothing is known of how long it takes: room for an axis that can be read. */
const UNKNOWN_MS = 60_000;

export interface RunBoard {
  store: ShallowRef<RunBarStore>;
  error: ShallowRef<AppErrorShape | null>;
  retry: () => void;
  lanes: ComputedRef<readonly GanttLane[]>;
  /** Until when the timeline reaches, model ms. */
  endMs: ComputedRef<number>;
}

/** `live` is undefined until the run is known. What came while it was in progress is still there when it has ended. */
export function useRunBoard(live: () => RunLive | undefined, nodes: () => readonly NamedNode[], version: () => string): RunBoard {
  const bars = useRunBars(live, version);
  const seen = shallowRef<SeenComputations>(new Map());
  watch(live, (now) => {
    if (now && !hasEnded(now.run) && now.run.state !== 'queued') seen.value = noteSeen(seen.value, now, bars.store.value);
  });
  const lanes = computed(() => {
    const now = live();
    return now ? toLanes({ store: bars.store.value, nodes: nodes(), live: now, seen: seen.value }) : [];
  });
  const lastMs = computed(() => lanes.value.reduce((most, { tasks }) => Math.max(most, tasks.at(-1)?.endMs ?? 0), 0));
  const endMs = computed(() => {
    const now = live();
    if (!now) return 0;
    if (now.run.state === 'queued') return now.run.metrics.lowerBoundMs ?? UNKNOWN_MS;
    return Math.max(lastMs.value, hasEnded(now.run) ? (now.run.metrics.totalGenerationDelayMs ?? 0) : now.elapsedMs);
  });
  return { ...bars, lanes, endMs };
}
