import { describe, expect, it } from 'vitest';
import { type RecordedTask, takeExperience } from '../../../src/main/domain/simulation/on-the-job/take-experience.js';
import { MAX_DECISIONS_OF_RUN } from '../../../src/scheduling/experience/seen-decision.js';

const nodes = ['node-1', 'node-2'].map((id) => ({ id, fixedSec: 0, secPerStep: 1, speedFactor: 1 }));
const task = (id: string, change: Partial<RecordedTask> = {}): RecordedTask => ({
  ...{ id, leaseEpoch: 1, baseStationId: 'node-1', edgeServerId: 'node-2', state: 'succeeded', computedSteps: 10 },
  ...{ delays: { waitingMs: 1000 }, computeStartMs: 2000, computeEndMs: 22_000 },
  ...change,
});
const server = { backlogMs: 0, serviceMs: 10_000, isReachable: true };
const said = (taskId: string, change: Record<string, unknown> = {}) => ({
  ...{ taskId, leaseEpoch: 1, qualitySteps: 10, chosen: 1, servers: [server, server] },
  ...change,
});
const take = (tasks: RecordedTask[], of1: unknown[], of2: unknown[] = []) =>
  takeExperience({
    nodes,
    tasks,
    said: new Map([
      ['node-1', of1],
      ['node-2', of2],
    ]),
  });

describe('what base stations say of their decisions', () => {
  it('is put together with what the tasks took', () => {
    const { decisions, slowness, refused } = take([task('a')], [said('a')]);
    expect(decisions).toEqual([
      { station: 0, qualitySteps: 10, chosen: 1, backlogSec: [0, 0], serviceSec: [10, 10], completionSec: [10, 21] },
    ]);
    // 20 s in place of 10; the first node executed nothing.
    expect(slowness).toEqual([null, 2]);
    expect(refused).toBe(0);
  });

  it.each([
    ['another node’s task', said('a'), 'second'],
    ['a task that no one has', said('nobody')],
    ['another lease', said('a', { leaseEpoch: 2 })],
    ['other steps', said('a', { qualitySteps: 11 })],
    ['another server than the one that executed it', said('a', { chosen: 0 })],
    ['a server that is not there', said('a', { chosen: 7 })],
    ['no number', said('a', { servers: [server, { ...server, backlogMs: NaN }] })],
    ['an endless backlog', said('a', { servers: [server, { ...server, backlogMs: Infinity }] })],
    ['a backlog of years', said('a', { servers: [server, { ...server, backlogMs: 1e12 }] })],
    ['a negative time', said('a', { servers: [server, { ...server, serviceMs: -1 }] })],
    ['more servers than the run has', said('a', { servers: [server, server, server] })],
    ['a server that did not answer', said('a', { servers: [server, { ...server, isReachable: false }] })],
    ['nothing of this form', 'a'],
  ])('is not believed where it names %s', (_what, each, by = 'first') => {
    const { decisions, refused } = by === 'first' ? take([task('a')], [each]) : take([task('a')], [], [each]);
    expect(decisions).toEqual([]);
    expect(refused).toBe(1);
  });

  it('counts a task once, and no task that failed', () => {
    expect(take([task('a')], [said('a'), said('a')]).decisions).toHaveLength(1);
    expect(take([task('a', { state: 'failed' })], [said('a')]).decisions).toEqual([]);
  });

  it('is bounded, whatever a node sends', () => {
    const ids = Array.from({ length: MAX_DECISIONS_OF_RUN + 500 }, (_, index) => `task-${index}`);
    const { decisions } = take(
      ids.map((id) => task(id)),
      ids.map((id) => said(id)),
    );
    expect(decisions).toHaveLength(MAX_DECISIONS_OF_RUN);
  });
});
