// A run that has started, with its tasks out at two nodes, neither of which computes: what it asks of them is written down, and what they
// answer is the test's.
import type { AgentClient } from '../../../src/main/adapters/agents/agent-client.js';
import type { RunHandler } from '../../../src/main/adapters/agents/agent-monitor.js';
import type { ImageSink } from '../../../src/main/domain/runs/outcome-intake.js';
import { RunExecutor } from '../../../src/main/domain/runs/run-executor.js';
import type { RunChange } from '../../../src/main/domain/runs/run-store.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { MemoryRows } from '../../sim/task-life/memory-rows.js';
import { buildRun } from '../../support/storage-fixtures.js';

interface CancelRequest {
  leases?: Lease[];
  all?: boolean;
  keepRunning?: boolean;
}

interface OpenRunOptions {
  state: 'running' | 'paused';
  /** Leases that a node says it canceled; those that are named when absent. */
  cancelTasks?: (nodeId: string, request: CancelRequest) => Promise<Lease[]>;
  images?: Partial<ImageSink>;
}

export async function openRun({ state, cancelTasks, images }: OpenRunOptions) {
  const rows = new MemoryRows(['node-1', 'node-1', 'node-2'].map((baseStationId, index) => ({ id: `t${index}`, baseStationId })));
  for (const { id, baseStationId } of rows.listTasks()) rows.markSent('run', [{ taskId: id, baseStationId }]);
  const asked: { nodeId: string; leases: readonly Lease[]; all: boolean }[] = [];
  const clientOf = (nodeId: string): AgentClient =>
    ({
      configure: () => Promise.resolve({ knownLeases: executor.board.sent().map((task) => executor.board.leaseOf(task)) }),
      setHold: () => Promise.resolve(),
      acknowledge: () => Promise.resolve(),
      cancelTasks: (request: CancelRequest) => {
        const { leases = [], all = false } = request;
        asked.push({ nodeId, leases, all });
        return cancelTasks ? cancelTasks(nodeId, request) : Promise.resolve(leases);
      },
    }) as unknown as AgentClient;
  let handler: RunHandler | null = null;
  const changes: (() => void)[] = [];
  /** What was written to the run's row, in order. */
  const written: RunChange[] = [];
  const end = { count: 0 };
  const executor = new RunExecutor({
    run: buildRun({ id: 'run', state, startedAtMs: 1, finishedAtMs: null }),
    store: Object.assign(rows, {
      learnedPolicyOf: () => null,
      updateRun: (_id: string, change: RunChange) => void written.push(change),
      addInvalidReason: () => undefined,
    }),
    images: { storeImage: () => Promise.reject(new Error('no image is expected')), ...images },
    connections: {
      attach: (_testbedId, attached) => {
        handler = attached;
        return () => (handler = null);
      },
      connectedClient: clientOf,
    },
    peers: ['node-1', 'node-2'].map((nodeId) => ({ nodeId, name: nodeId, host: '127.0.0.1', port: 1 })),
    nowMs: () => 1_000,
    changed: () => changes.splice(0).forEach((report) => report()),
    ended: () => (end.count += 1),
    record: () => undefined,
  });
  await executor.start();
  const until = async (fits: () => boolean): Promise<void> => {
    while (!fits()) await new Promise<void>((resolve) => changes.push(resolve));
  };
  const attached = (): RunHandler => {
    if (!handler) throw new Error('The run did not attach');
    return handler;
  };
  return { executor, rows, asked, written, end, until, handler: attached };
}
