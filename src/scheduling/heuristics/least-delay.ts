// Each task in turn goes where its own service delay is least, given what is thought to wait there. What a task costs those behind it does
// not count. Four heuristics are this rule with other knowledge.
import type { Heuristic } from './heuristic.js';

/** Opt-TS (paper Sec. V-B), on the true queues: greedy for the task in hand, so no bound. */
export const createOptTs: Heuristic<'queues'> =
  () =>
  ({ taskCount, reachable, leastDelay }, place) => {
    for (let task = 0; task < taskCount; task++) place(task, leastDelay(task, reachable));
  };

/** How often a station reckons with each task that it has placed since the last report, to make up for those that it knows nothing of. */
type OwnDispatches = 'ignored' | 'counted' | 'counted-for-all';

/**
 * Shortest completion as a station can do it alone, with three guesses of what is sent since the last report: nothing at all (`ignored`:
 * then all herd to one server), its own dispatches (`counted`), or these times B (`counted-for-all`: the mean field, as if all others did the
 * same).
 */
export function createShortestCompletion(own: OwnDispatches): Heuristic<'reports'> {
  return () =>
    ({ taskCount, serverCount, reachable, leastDelay, expect }, place) => {
      const times = { ignored: 0, counted: 1, 'counted-for-all': serverCount }[own];
      for (let task = 0; task < taskCount; task++) {
        const server = leastDelay(task, reachable);
        place(task, server);
        expect(task, server, times);
      }
    };
}
