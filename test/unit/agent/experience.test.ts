import { describe, expect, it } from 'vitest';
import { BatchView } from '../../../src/agent/experience/batch-view.js';
import { type Experience, ExperienceKeeper } from '../../../src/agent/experience/experience-keeper.js';

const server = (backlogSec: number) => ({ fixedSec: 2, secPerStep: 1, backlogSec, linkMbps: 1000, isReachable: true });
const experience = (taskId: string, servers = 2): Experience => ({
  ...{ taskId, leaseEpoch: 1, qualitySteps: 10, chosen: 0 },
  servers: Array.from({ length: servers }, () => ({ backlogMs: 0, serviceMs: 1, isReachable: true })),
});

describe('what a base station keeps of its decisions', () => {
  it('is what each was made on, with what was placed before it in the batch', () => {
    const view = new BatchView({ selfIndex: 0, edgeServers: [server(0), server(5)] });
    expect(view.take(10, 0).map(({ backlogMs, serviceMs }) => [backlogMs, serviceMs])).toEqual([
      [0, 12_000],
      [5000, 12_000],
    ]);
    expect(view.take(3, 1).map(({ backlogMs }) => backlogMs)).toEqual([12_000, 5000]);
    expect(view.take(3, 1).map(({ backlogMs }) => backlogMs)).toEqual([12_000, 10_000]);
  });

  it('is given out a part at a time, by run', () => {
    const keeper = new ExperienceKeeper();
    for (const id of ['a', 'b', 'c']) keeper.note('run-1', experience(id));
    expect(keeper.list('run-1', 0, 2).map(({ taskId }) => taskId)).toEqual(['a', 'b']);
    expect(keeper.list('run-1', 2, 2).map(({ taskId }) => taskId)).toEqual(['c']);
    expect(keeper.list('run-1', 3, 2)).toEqual([]);
    expect(keeper.list('run-nobody', 0, 2)).toEqual([]);
  });

  it('is bounded: the newest decisions of the newest runs, of no more edge servers than are learned from', () => {
    const keeper = new ExperienceKeeper();
    for (let index = 0; index < 2500; index++) keeper.note('run-1', experience(`task-${index}`));
    expect(keeper.list('run-1', 0, 5000)).toHaveLength(2000);
    expect(keeper.list('run-1', 0, 1)[0]?.taskId).toBe('task-500');
    keeper.note('run-2', experience('a', 65));
    expect(keeper.list('run-2', 0, 1)).toEqual([]);
    keeper.note('run-2', experience('a'));
    keeper.note('run-3', experience('b'));
    expect(keeper.list('run-1', 0, 1)).toEqual([]);
    expect(keeper.list('run-3', 0, 1)).toHaveLength(1);
  });
});
