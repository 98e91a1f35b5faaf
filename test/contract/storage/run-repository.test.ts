import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunBarsRepository } from '../../../src/main/adapters/storage/run-bars-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { taskPageInput } from '../../../src/shared/api/inputs.js';
import {
  buildResult,
  buildRun,
  buildTask,
  buildTestbed,
  fakeSha256,
  openTemporaryDatabase,
  type TemporaryDatabase,
} from '../../support/storage-fixtures.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';

let temporary: TemporaryDatabase;
let runs: RunRepository;

beforeEach(() => {
  temporary = openTemporaryDatabase();
  runs = new RunRepository(temporary.database, () => 5_000);
});
afterEach(() => temporary.dispose());

function send(taskId: string): number {
  const epoch = runs.markSent('run-1', [{ taskId, baseStationId: 'node-1', atMs: 1 }]).get(taskId);
  if (epoch === undefined) throw new Error(`${taskId} could not be sent`);
  return epoch;
}

describe('RunRepository', () => {
  beforeEach(() => {
    new TestbedRepository(temporary.database).insertTestbed(buildTestbed());
    runs.insertRun(buildRun(), [buildTask(0), buildTask(1), buildTask(2)]);
  });

  it('gives a run back as it was stored, with the name of its testbed', () => {
    expect(runs.getRun('run-1')).toEqual({ ...buildRun(), testbedName: 'Lab', datasetName: 'dataset-1', imported: null });
  });

  it('reads an ended run again only when something of it has changed', () => {
    const end = { state: 'succeeded' as const, finishedAtMs: 900 };
    runs.updateRun('run-1', end);
    const [read] = runs.listRuns();
    expect(read).toMatchObject(end);
    expect(runs.listRuns()[0]).toBe(read);
    expect(runs.getRun('run-1')).toBe(read);
    runs.addInvalidReason('run-1', 'A clock was set.');
    expect(runs.getRun('run-1')?.invalidReasons).toEqual(['A clock was set.']);
    expect(runs.listRuns()[0]?.invalidReasons).toEqual(['A clock was set.']);
    runs.deleteRun('run-1');
    expect(runs.getRun('run-1')).toBeNull();
    runs.insertRun(buildRun({ ...end, nodesSnapshot: [] }), [buildTask(0)]);
    expect(runs.getRun('run-1')?.nodesSnapshot).toEqual([]);
  });

  it('lists those that are not finished by themselves, and counts all', () => {
    runs.insertRun(buildRun({ id: 'run-2', createdAtMs: 20, state: 'paused' }), []);
    runs.insertRun(buildRun({ id: 'run-3', createdAtMs: 30, state: 'succeeded', finishedAtMs: 40 }), []);
    expect(runs.listOpenRuns().map(({ id }) => id)).toEqual(['run-2', 'run-1']);
    expect(runs.countRuns()).toBe(3);
  });

  it('keeps nothing of a run whose tasks can not be stored', () => {
    expect(() => runs.insertRun(buildRun({ id: 'run-2' }), [buildTask(0)])).toThrow(/UNIQUE/);
    expect(runs.getRun('run-2')).toBeNull();
  });

  it('raises the lease epoch with every sending and counts the task as re-sent', () => {
    expect(send('task-0')).toBe(1);
    expect(send('task-0')).toBe(2);
    expect(runs.countTasks('run-1')).toEqual({ pending: 2, sent: 1, succeeded: 0, failed: 0, cancelled: 0, resent: 1 });
  });

  it('accepts a result once', () => {
    const epoch = send('task-0');
    expect(runs.acceptResults([buildResult('task-0', epoch)])[0]).toBe(true);
    expect(runs.acceptResults([buildResult('task-0', epoch)])[0]).toBe(false);
    expect(runs.countTasks('run-1').succeeded).toBe(1);
  });

  it('refuses the result of an older lease', () => {
    const old = send('task-0');
    send('task-0');
    expect(runs.acceptResults([buildResult('task-0', old)])[0]).toBe(false);
  });

  it('does not send a finished task', () => {
    runs.acceptResults([buildResult('task-0', send('task-0'))]);
    expect(runs.markSent('run-1', [{ taskId: 'task-0', baseStationId: 'node-1', atMs: 2 }]).size).toBe(0);
  });

  it('does not send a task under the name of another run', () => {
    expect(runs.markSent('run-9', [{ taskId: 'task-0', baseStationId: 'node-1', atMs: 2 }]).size).toBe(0);
  });

  it('reads a succeeded task with its delays and its image', () => {
    runs.acceptResults([buildResult('task-0', send('task-0'))]);
    expect(runs.listTasks('run-1')[0]).toMatchObject({
      state: 'succeeded',
      edgeServerId: 'node-1',
      attempts: 1,
      delays: { ...buildResult('task-0', 1).delays, resendMs: 0, controlMs: 5, serviceMs: 13_811 },
      imageSha256: fakeSha256(1),
      acceptedMs: 13_810,
      isSimulated: true,
    });
  });

  it('puts a failed attempt back to pending, and a final one to failed', () => {
    const first = send('task-0');
    const failure = { taskId: 'task-0', leaseEpoch: first, message: 'peer lost', atMs: 9 };
    expect(runs.recordFailure({ ...failure, isFinal: false })).toBe(true);
    expect(runs.getTask('run-1', 'task-0')?.state).toBe('pending');
    expect(runs.recordFailure({ ...failure, isFinal: true })).toBe(false);
    expect(runs.recordFailure({ ...failure, leaseEpoch: send('task-0'), isFinal: true })).toBe(true);
    expect(runs.getTask('run-1', 'task-0')).toMatchObject({ state: 'failed', errorMessage: 'peer lost' });
  });

  it('gives what a timeline is drawn of: what was accepted after the cursor, and the sendings that came to nothing', () => {
    const bars = new RunBarsRepository(temporary.database);
    const failure = { taskId: 'task-1', edgeServerId: 'node-2', message: 'node-2 does not answer.', atMs: 7, isFinal: false };
    runs.acceptResults([buildResult('task-0', send('task-0'))]);
    runs.recordFailure({ ...failure, leaseEpoch: send('task-1') });
    runs.acceptResults([buildResult('task-1', send('task-1'))]);
    const all = bars.list('run-1', null);
    expect(all.bars.map(({ ordinal, edgeServerId, acceptedMs, attempts }) => [ordinal, edgeServerId, acceptedMs, attempts])).toEqual([
      [0, 'node-1', 13_810, 1],
      [1, 'node-1', 13_810, 2],
    ]);
    expect(all.failedSendings).toEqual([
      { ordinal: 1, baseStationId: 'node-1', edgeServerId: 'node-2', sentMs: 1, endedMs: 7, message: 'node-2 does not answer.' },
    ]);
    expect(bars.list('run-1', { acceptedMs: 13_810, ordinal: 0 }).bars.map(({ ordinal }) => ordinal)).toEqual([1]);
    expect(bars.list('run-1', { acceptedMs: 13_810, ordinal: 1 })).toMatchObject({ bars: [], hasMore: false });
  });

  it('takes a task back as if it had never been sent, and adds what it had waited to its delays', () => {
    const { id } = buildTask(0);
    send(id);
    runs.takeBack('run-1', [id, id, 'no-such-task'], 101);
    expect(runs.listTasks('run-1')[0]).toMatchObject({ state: 'pending', attempts: 0, leaseEpoch: 1 });
    expect(runs.acceptResults([buildResult(id, 1)])[0]).toBe(false);
    expect(runs.markSent('run-1', [{ taskId: id, baseStationId: 'node-1', atMs: 101 }]).get(id)).toBe(2);
    const result = buildResult(id, 2);
    expect(runs.acceptResults([result])[0]).toBe(true);
    const { waitingMs, serviceMs } = result.delays;
    expect(runs.listTasks('run-1')[0]).toMatchObject({
      attempts: 1,
      delays: { waitingMs: waitingMs + 100, serviceMs: serviceMs + 101, resendMs: 0 },
    });
    expect(runs.countTasks('run-1').resent).toBe(0);
  });

  it('counts a task as re-sent by its attempts, whatever a pause takes back before or after', () => {
    const resent = () => [runs.countTasks('run-1').resent, runs.listResent('run-1')];
    const lose = (taskId: string): void => {
      const failure = { taskId, edgeServerId: 'node-2', message: 'node-2 does not answer.', atMs: 7, isFinal: false };
      runs.recordFailure({ ...failure, leaseEpoch: send(taskId) });
    };
    // A sending that was taken back is none: what is lost after it is lost with the first attempt.
    send('task-0');
    runs.takeBack('run-1', ['task-0'], 5);
    lose('task-0');
    expect(resent()).toEqual([0, []]);
    lose('task-1');
    send('task-1');
    expect(resent()).toEqual([1, ['task-1']]);
    runs.takeBack('run-1', ['task-1'], 9);
    expect(runs.getTask('run-1', 'task-1')).toMatchObject({ state: 'pending', attempts: 1 });
    expect(resent()).toEqual([1, ['task-1']]);
    runs.cancelTasks('run-1', 'all');
    expect(resent()).toEqual([1, ['task-1']]);
  });

  it('keeps since when and how long the clock of a run has stood still', () => {
    runs.updateRun('run-1', { clockStoppedAtMs: 20, clockStoppedMs: 7 });
    expect(runs.getRun('run-1')).toMatchObject({ clockStoppedAtMs: 20, clockStoppedMs: 7 });
    runs.updateRun('run-1', { clockStoppedAtMs: null });
    expect(runs.getRun('run-1')).toMatchObject({ clockStoppedAtMs: null, clockStoppedMs: 7 });
  });

  it('keeps what held a run up', () => {
    expect(runs.getRun('run-1')?.interruptions).toBeUndefined();
    const interruptions = { losses: [{ nodeId: 'node-1', fromMs: 5.5, toMs: null }], standstills: [{ atMs: 20, realMs: 7 }] };
    runs.updateRun('run-1', { interruptions });
    expect(runs.getRun('run-1')?.interruptions).toEqual(interruptions);
    expect(runs.listRuns()[0]?.interruptions).toEqual(interruptions);
  });

  it('cancels what is open and leaves finished tasks alone', () => {
    runs.acceptResults([buildResult('task-0', send('task-0'))]);
    const open = send('task-1');
    expect(runs.cancelTasks('run-1', 'all')).toBe(2);
    expect(runs.acceptResults([buildResult('task-1', open)])[0]).toBe(false);
    expect(runs.countTasks('run-1')).toMatchObject({ succeeded: 1, cancelled: 2 });
  });

  it('cancels named tasks once', () => {
    expect(runs.cancelTasks('run-1', ['task-0', 'task-0', 'no-such-task'])).toBe(1);
  });

  it('writes the same reason for invalidity once', () => {
    runs.addInvalidReason('run-1', 'Node lost');
    runs.addInvalidReason('run-1', 'Node lost');
    expect(runs.getRun('run-1')?.invalidReasons).toEqual(['Node lost']);
  });

  it('sets and clears instants of a run', () => {
    runs.updateRun('run-1', { state: 'paused', startedAtMs: 20, finishedAtMs: 30 });
    runs.updateRun('run-1', { finishedAtMs: null });
    expect(runs.getRun('run-1')).toMatchObject({ state: 'paused', startedAtMs: 20, finishedAtMs: null });
  });

  it('names the images that no other run has when a run is deleted', () => {
    runs.insertRun(buildRun({ id: 'run-2' }), [buildTask(0, { id: 'other' })]);
    const otherEpoch = runs.markSent('run-2', [{ taskId: 'other', baseStationId: 'node-1', atMs: 1 }]).get('other') ?? 0;
    runs.acceptResults([buildResult('other', otherEpoch)]);
    runs.acceptResults([buildResult('task-0', send('task-0'))]);
    const own = { ...buildResult('', 0).image, sha256: fakeSha256(2) };
    runs.acceptResults([buildResult('task-1', send('task-1'), { image: own })]);
    expect(runs.deleteRun('run-1')).toEqual({ orphanedImages: [fakeSha256(2)] });
    expect(runs.listTasks('run-1')).toEqual([]);
    expect(runs.listTasks('run-2')).toHaveLength(1);
  });

  it('finds unfinished runs by testbed and by dataset', () => {
    expect(runs.unfinishedRunsOf({ testbedId: 'testbed-1' })).toEqual(['run-1']);
    runs.updateRun('run-1', { state: 'succeeded' });
    expect(runs.unfinishedRunsOf({ datasetId: 'dataset-1' })).toEqual([]);
  });

  it('takes the wildcards of a search as letters', () => {
    runs.insertRun(buildRun({ id: 'run-2' }), [
      buildTask(0, { id: 'x', prompt: '100% wool' }),
      buildTask(1, { id: 'y', prompt: '100 dogs' }),
    ]);
    const page = runs.taskPage(taskPageInput.parse({ runId: 'run-2', search: '100%' }));
    expect(page.items.map((task) => task.id)).toEqual(['x']);
    expect(page.total).toBe(1);
  });

  it('sorts a page and puts tasks without the value last', () => {
    const slow = buildResult('task-2', send('task-2'));
    runs.acceptResults([{ ...slow, delays: { ...slow.delays, serviceMs: 99_999 } }]);
    runs.acceptResults([buildResult('task-1', send('task-1'))]);
    const page = runs.taskPage(taskPageInput.parse({ runId: 'run-1', sortBy: 'service', limit: 2 }));
    expect(page.items.map((task) => task.id)).toEqual(['task-1', 'task-2']);
    expect(page.total).toBe(3);
  });
});
