// What a pause asks of nodes, and what it makes of answers that come late.
import { create } from '@bufbuild/protobuf';
import { afterEach, expect, it } from 'vitest';
import type { RunExecutor } from '../../../src/main/domain/runs/run-executor.js';
import { OutcomeStatus, TaskOutcomeSchema } from '../../../src/shared/rpc/gen/agent_pb.js';
import { openRun } from './open-run.js';

let executor: RunExecutor;
afterEach(() => executor.close());

async function open(state: 'running' | 'paused') {
  const run = await openRun({ state });
  executor = run.executor;
  return run;
}

it('asks each base station for its own leases by name, never for all of a run: another one’s would be lost at its edge server', async () => {
  const { rows, asked, until } = await open('running');
  await executor.pausing.pause();
  await until(() => executor.isStandingStill);
  expect(asked.map(({ nodeId, leases, all }) => [nodeId, leases.map(({ taskId }) => taskId), all]).sort()).toEqual([
    ['node-1', ['t0', 't1'], false],
    ['node-2', ['t2'], false],
  ]);
  expect(rows.listTasks().map(({ state, attempts }) => [state, attempts])).toEqual(Array.from({ length: 3 }, () => ['pending', 0]));
});

it('counts no sending of a task that is given back to the next start of the program, which has not asked for it', async () => {
  const { rows, until, handler } = await open('paused');
  const cancelled = { taskId: 't0', runId: 'run', leaseEpoch: 1, baseStationId: 'node-1', status: OutcomeStatus.CANCELLED };
  handler().outcomes('node-1', [create(TaskOutcomeSchema, cancelled)]);
  await until(() => executor.board.get('t0')?.state === 'pending');
  expect(rows.getTask('run', 't0')).toMatchObject({ state: 'pending', attempts: 0, leaseEpoch: 1 });
});
