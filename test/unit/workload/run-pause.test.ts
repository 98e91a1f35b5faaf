// What a pause asks of nodes, and what it makes of answers that come late.
import { create } from '@bufbuild/protobuf';
import { afterEach, expect, it } from 'vitest';
import type { AgentClient } from '../../../src/main/adapters/agents/agent-client.js';
import type { RunLine } from '../../../src/main/adapters/agents/agent-monitor.js';
import { RunExecutor } from '../../../src/main/domain/runs/run-executor.js';
import { OutcomeStatus, TaskOutcomeSchema } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { MemoryRows } from '../../sim/task-life/memory-rows.js';
import { buildRun } from '../../support/storage-fixtures.js';

let executor: RunExecutor;
afterEach(() => executor.close());

/** A run that has begun, with its tasks out at two nodes, neither of which is connected. */
async function openRun(state: 'running' | 'paused') {
  const rows = new MemoryRows(['node-1', 'node-1', 'node-2'].map((baseStationId, index) => ({ id: `t${index}`, baseStationId })));
  for (const { id, baseStationId } of rows.listTasks()) rows.markSent('run', [{ taskId: id, baseStationId }]);
  const asked: { nodeId: string; leases: readonly Lease[]; all: boolean }[] = [];
  const clientOf = (nodeId: string): AgentClient =>
    ({
      configure: () => Promise.resolve({ knownLeases: [...executor.board.sent()].map((task) => executor.board.leaseOf(task)) }),
      setHold: () => Promise.resolve(),
      cancelTasks: ({ leases = [], all = false }: { leases?: Lease[]; all?: boolean }) => {
        asked.push({ nodeId, leases, all });
        return Promise.resolve(leases);
      },
    }) as unknown as AgentClient;
  let line: RunLine | null = null;
  const changes: (() => void)[] = [];
  const base = buildRun({ id: 'run', state, startedAtMs: 1, finishedAtMs: null });
  executor = new RunExecutor({
    run: base,
    store: Object.assign(rows, { learnedPolicyOf: () => null, updateRun: () => undefined, addInvalidReason: () => undefined }),
    images: { storeImage: () => Promise.reject(new Error('no image is expected')) },
    lines: {
      attach: (_testbedId, attached) => {
        line = attached;
        return () => (line = null);
      },
      connectedClient: clientOf,
    },
    peers: ['node-1', 'node-2'].map((nodeId) => ({ nodeId, name: nodeId, host: '127.0.0.1', port: 1 })),
    nowMs: () => 1_000,
    changed: () => changes.splice(0).forEach((tell) => tell()),
    ended: () => undefined,
    record: () => undefined,
  });
  await executor.begin();
  const until = async (fits: () => boolean): Promise<void> => {
    while (!fits()) await new Promise<void>((resolve) => changes.push(resolve));
  };
  return { rows, asked, until, line: () => line ?? expect.fail('the run did not attach') };
}

it('asks each base station for its own leases by name, never for all of a run: another one’s would be lost at its edge server', async () => {
  const { rows, asked, until } = await openRun('running');
  await executor.pausing.pause();
  await until(() => executor.isStandingStill);
  expect(asked.map(({ nodeId, leases, all }) => [nodeId, leases.map(({ taskId }) => taskId), all]).sort()).toEqual([
    ['node-1', ['t0', 't1'], false],
    ['node-2', ['t2'], false],
  ]);
  expect(rows.listTasks().map(({ state, attempts }) => [state, attempts])).toEqual(Array.from({ length: 3 }, () => ['pending', 0]));
});

it('counts no sending of a task that is given back to the next start of the program, which has not asked for it', async () => {
  const { rows, until, line } = await openRun('paused');
  const cancelled = { taskId: 't0', runId: 'run', leaseEpoch: 1, baseStationId: 'node-1', status: OutcomeStatus.CANCELLED };
  line().outcomes('node-1', [create(TaskOutcomeSchema, cancelled)]);
  await until(() => executor.board.get('t0')?.state === 'pending');
  expect(rows.getTask('run', 't0')).toMatchObject({ state: 'pending', attempts: 0, leaseEpoch: 1 });
});
