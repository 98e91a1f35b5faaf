import { describe, expect, it } from 'vitest';
import { completeDecisions, type ExecutedTask, type ReportedDecision } from '../../../../src/scheduling/experience/complete-decisions.js';

const executed = (taskId: string, server: number, times: [admitted: number, start: number, end: number]): ExecutedTask => ({
  ...{ taskId, server, admittedSec: times[0], startSec: times[1], endSec: times[2] },
});
const reported = (taskId: string, chosen: number): ReportedDecision => ({
  ...{ taskId, chosen, station: 0, qualitySteps: 10, backlogSec: [0, 0], serviceSec: [10, 20] },
});

describe('what came of a run’s decisions', () => {
  it('is measured where a task was placed and reckoned elsewhere from what waited there and how fast it was', () => {
    // Server 0 takes twice as long as on record: 20 s an image, where 10 s were expected.
    const tasks = [executed('a', 0, [0, 0, 20]), executed('b', 1, [1, 1, 21]), executed('c', 0, [5, 20, 40])];
    const [a, b, c] = completeDecisions([reported('a', 0), reported('b', 1), reported('c', 0)], tasks, 2);
    // Nothing was on server 1 yet, which takes its 20 s.
    expect(a?.completionSec).toEqual([20, 20]);
    // Server 0 had 19 s to go, and takes 20 s.
    expect(b?.completionSec).toEqual([39, 20]);
    // Measured on server 0; server 1 had 16 s to go, and takes 20 s.
    expect(c?.completionSec).toEqual([35, 36]);
  });

  it('leaves out what was executed elsewhere, not at all, or on another number of servers', () => {
    const tasks = [executed('a', 1, [0, 0, 20]), executed('c', 0, [0, 0, 10])];
    const odd = { ...reported('c', 0), serviceSec: [10], backlogSec: [0] };
    expect(completeDecisions([reported('a', 0), reported('b', 0), odd], tasks, 2)).toEqual([]);
  });
});
