import { describe, expect, it } from 'vitest';

import { STATION_HEURISTIC_NAMES, type StationHeuristicName } from '../../../../src/scheduling/heuristics/heuristics.js';
import type { EdgeServerView, SchedulableTask, SchedulingObservation } from '../../../../src/scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { inPlacingOrder, type PlacingOrder } from '../../../../src/shared/scheduling-settings.js';
import { createRandom } from '../../../../src/random/random.js';

function edgeServer(changes: Partial<EdgeServerView> = {}): EdgeServerView {
  return { fixedSec: 3.8, secPerStep: 1, backlogSec: 0, linkMbps: 100, isReachable: true, ...changes };
}

function observe(selfIndex: number, ...edgeServers: EdgeServerView[]): SchedulingObservation {
  return { selfIndex, edgeServers };
}

function tasks(...qualitySteps: number[]): SchedulableTask[] {
  return qualitySteps.map((steps, index) => ({ id: `t${index}`, qualitySteps: steps, inputBits: 500 }));
}

function decide(name: StationHeuristicName, batch: SchedulableTask[], observation: SchedulingObservation, seed = 1): number[] {
  const decisions = createSchedulingPolicy(name).decideBatch(batch, observation, createRandom(seed));
  const byTask = new Map(decisions.map((decision) => [decision.taskId, decision.edgeServerIndex]));
  return batch.map((task) => byTask.get(task.id) ?? -1);
}

function countPerServer(choices: number[], servers: number): number[] {
  return Array.from({ length: servers }, (_, index) => choices.filter((choice) => choice === index).length);
}

const twentyEqual = tasks(...Array.from({ length: 20 }, () => 14));

describe('every policy', () => {
  it.each(STATION_HEURISTIC_NAMES)('%s decides each task of the batch exactly once', (name) => {
    const observation = observe(1, edgeServer(), edgeServer(), edgeServer());
    const decisions = createSchedulingPolicy(name).decideBatch(twentyEqual, observation, createRandom(3));
    expect(decisions.map((decision) => decision.taskId).sort()).toEqual(twentyEqual.map((task) => task.id).sort());
  });

  it.each(STATION_HEURISTIC_NAMES)('%s throws a RangeError when nothing is reachable', (name) => {
    const observation = observe(0, edgeServer({ isReachable: false }), edgeServer({ isReachable: false }));
    expect(() => decide(name, tasks(14), observation)).toThrow(RangeError);
  });

  it.each(STATION_HEURISTIC_NAMES.filter((name) => name !== 'local-only'))('%s never chooses an unreachable server', (name) => {
    const observation = observe(0, edgeServer(), edgeServer({ isReachable: false }), edgeServer());
    expect(decide(name, twentyEqual, observation)).not.toContain(1);
  });

  it.each(STATION_HEURISTIC_NAMES)('%s decides the same from the same seed', (name) => {
    const observation = observe(0, edgeServer(), edgeServer({ secPerStep: 2 }), edgeServer());
    expect(decide(name, twentyEqual, observation, 9)).toEqual(decide(name, twentyEqual, observation, 9));
  });
});

describe('the order of a batch', () => {
  const placed = (name: StationHeuristicName, placingOrder: PlacingOrder): string[] => {
    const batch = inPlacingOrder(tasks(10, 19, 14), placingOrder);
    return createSchedulingPolicy(name, { placingOrder })
      .decideBatch(batch, observe(0, edgeServer(), edgeServer()), createRandom(1))
      .map(({ taskId }) => taskId);
  };

  it.each(STATION_HEURISTIC_NAMES)('is followed by %s where the run gives one', (name) => {
    expect(placed(name, 'as-it-comes')).toEqual(['t0', 't1', 't2']);
    expect(placed(name, 'longest-first')).toEqual(['t1', 't2', 't0']);
    expect(placed(name, 'shortest-first')).toEqual(['t0', 't2', 't1']);
  });

  it('is its own in list scheduling where the run gives none', () => {
    expect(placed('shortest-expected-completion', 'own')).toEqual(['t1', 't2', 't0']);
    expect(placed('round-robin', 'own')).toEqual(['t0', 't1', 't2']);
  });
});

describe('considerate completion', () => {
  // At home a task of 14 steps takes 17.8 s; on the other node, which is at a quarter of the speed, 71.2 s and no wait.
  const slow = edgeServer({ fixedSec: 15.2, secPerStep: 4 });
  const chosen = (backlogSec: number, consideration: number): number | undefined =>
    createSchedulingPolicy('considerate-completion', { consideration }).decideBatch(
      tasks(14),
      observe(1, edgeServer({ backlogSec }), slow),
      createRandom(1),
    )[0]?.edgeServerIndex;

  it('is list scheduling with k = 0: it goes where it is done first', () => {
    expect(chosen(52, 0)).toBe(0);
    expect(chosen(55, 0)).toBe(1);
  });

  it('is the shortest wait with k = 1', () => {
    expect(chosen(10, 1)).toBe(1);
  });

  it('with k = 0.5 takes the slow node from a wait of half the difference of the computations on: 26.7 s', () => {
    expect([chosen(26, 0.5), chosen(28, 0.5)]).toEqual([0, 1]);
  });
});

describe('local only', () => {
  it('keeps every task at home, however long its queue', () => {
    expect(decide('local-only', tasks(10, 19), observe(1, edgeServer(), edgeServer({ backlogSec: 900 })))).toEqual([1, 1]);
  });
});

describe('random', () => {
  it('uses all servers about equally', () => {
    const batch = tasks(...Array.from({ length: 3000 }, () => 14));
    const counts = countPerServer(decide('random', batch, observe(0, edgeServer(), edgeServer(), edgeServer())), 3);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });
});

describe('round-robin', () => {
  it('starts at its own index, so that stations do not herd', () => {
    expect(decide('round-robin', tasks(14, 14, 14, 14), observe(2, edgeServer(), edgeServer(), edgeServer()))).toEqual([2, 0, 1, 2]);
  });

  it('continues where the last batch ended', () => {
    const policy = createSchedulingPolicy('round-robin');
    const observation = observe(0, edgeServer(), edgeServer(), edgeServer());
    policy.decideBatch(tasks(14, 14), observation, createRandom(1));
    expect(policy.decideBatch(tasks(14), observation, createRandom(1))[0]?.edgeServerIndex).toBe(2);
  });
});

describe('capacity-proportional', () => {
  it('gives a server of three times the speed three times the tasks', () => {
    const slow = edgeServer({ fixedSec: 11.4, secPerStep: 3 });
    const batch = tasks(...Array.from({ length: 4000 }, () => 14));
    const [fast = 0, other = 0] = countPerServer(decide('capacity-proportional', batch, observe(0, edgeServer(), slow)), 2);
    expect(fast / other).toBeGreaterThan(2.7);
    expect(fast / other).toBeLessThan(3.3);
  });
});

describe('shortest expected completion', () => {
  const name = 'shortest-expected-completion';

  it('deals equal tasks evenly over equal idle servers', () => {
    const observation = observe(3, ...Array.from({ length: 5 }, () => edgeServer()));
    expect(countPerServer(decide(name, twentyEqual, observation), 5)).toEqual([4, 4, 4, 4, 4]);
  });

  it('sends a task away when home is busy', () => {
    expect(decide(name, tasks(14), observe(0, edgeServer({ backlogSec: 30 }), edgeServer()))).toEqual([1]);
  });

  it('spreads a small batch at once instead of keeping it at home', () => {
    const observation = observe(0, ...Array.from({ length: 5 }, () => edgeServer()));
    expect(countPerServer(decide(name, tasks(14, 14, 14, 14, 14), observation), 5)).toEqual([1, 1, 1, 1, 1]);
  });

  it('stays at home on a tie', () => {
    expect(decide(name, tasks(14), observe(1, edgeServer(), edgeServer()))).toEqual([1]);
  });

  it('prefers a busy fast server over an idle slow one when it ends sooner there', () => {
    const slowHome = edgeServer({ fixedSec: 38, secPerStep: 10 });
    expect(decide(name, tasks(14), observe(0, slowHome, edgeServer({ backlogSec: 60 })))).toEqual([1]);
  });

  it('counts a slow link', () => {
    const behindModem = edgeServer({ linkMbps: 0.000_01 });
    expect(decide(name, tasks(14), observe(0, edgeServer({ backlogSec: 30 }), behindModem))).toEqual([0]);
  });

  it('leaves no two servers further apart than the shortest task of a mixed batch', () => {
    const batch = tasks(...Array.from({ length: 50 }, (_, index) => 10 + ((index * 7) % 10)));
    const choices = decide(name, batch, observe(0, ...Array.from({ length: 5 }, () => edgeServer())));
    const loads = [0, 0, 0, 0, 0];
    batch.forEach((task, index) => {
      const server = choices[index] ?? 0;
      loads[server] = (loads[server] ?? 0) + 3.8 + task.qualitySteps;
    });
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(13.8 + 1e-9);
  });

  it('decides 200 tasks at once', () => {
    const batch = tasks(...Array.from({ length: 200 }, (_, index) => 10 + (index % 10)));
    expect(decide(name, batch, observe(0, ...Array.from({ length: 5 }, () => edgeServer())))).toHaveLength(200);
  });
});
