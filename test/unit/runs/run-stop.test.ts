// How a run ends when its nodes are told to stop, and say what they canceled in an answer, as news, or both.
import { create } from '@bufbuild/protobuf';
import { afterEach, expect, it } from 'vitest';
import type { RunExecutor } from '../../../src/main/domain/runs/run-executor.js';
import { OutcomeStatus, TaskOutcomeSchema } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { openRun } from './open-run.js';

let executor: RunExecutor;
afterEach(() => executor.close());

const canceled = ({ runId, taskId, epoch: leaseEpoch, baseStationId }: Lease) =>
  create(TaskOutcomeSchema, { runId, taskId, leaseEpoch, baseStationId, status: OutcomeStatus.CANCELLED });

it('ends when the last canceled task comes as news after the nodes were told, with no word of a failure and no new attempt', async () => {
  const run = await openRun({ state: 'running', cancelTasks: () => Promise.resolve([]) });
  executor = run.executor;
  const leases = executor.board.sent().map((task) => executor.board.leaseOf(task));
  await executor.stopping.cancelRemaining();
  expect([run.end.count, executor.board.sentCount]).toEqual([0, 3]);

  for (const lease of leases) run.handler().outcomes(lease.baseStationId, [canceled(lease)]);
  await run.until(() => run.end.count > 0);

  expect(run.written.at(-1)).toMatchObject({ state: 'stopped' });
  expect(run.rows.listTasks().map(({ state, attempts }) => [state, attempts])).toEqual(Array.from({ length: 3 }, () => ['cancelled', 1]));
  expect(executor.failures).toEqual([]);
});

it('does not end before all nodes were told, and ends then, when the last news comes meanwhile', async () => {
  const answers: (() => void)[] = [];
  const run = await openRun({
    state: 'running',
    cancelTasks: () => new Promise((resolve) => answers.push(() => resolve([]))),
  });
  executor = run.executor;
  const leases = executor.board.sent().map((task) => executor.board.leaseOf(task));
  const stopping = executor.stopping.cancelRemaining();
  await expect.poll(() => answers.length).toBe(2);

  for (const lease of leases) run.handler().outcomes(lease.baseStationId, [canceled(lease)]);
  await run.until(() => executor.board.openCount === 0);
  expect(run.end.count).toBe(0);

  for (const answer of answers) answer();
  await stopping;
  expect(run.end.count).toBe(1);
  expect(run.written.at(-1)).toMatchObject({ state: 'stopped' });
});
