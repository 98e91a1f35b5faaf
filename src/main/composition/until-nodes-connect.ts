import { setTimeout as delay } from 'node:timers/promises';
import { nodesInUse } from '../../shared/node-use.js';
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';

/** Real ms to wait for agents at the most. */
const TIMEOUT_MS = 20_000;
const POLL_MS = 50;

export interface UntilNodesConnectOptions {
  /** Resolves when the virtual nodes have booted. */
  booting: Promise<void>;
  monitor: Pick<AgentMonitor, 'snapshot'>;
  testbeds: Pick<TestbedService, 'get'>;
}

/** Resolves when the virtual nodes have booted and those of the testbed's provisioned nodes answer that runs use, or after a bounded wait. Throws `not-found`. */
export async function untilNodesConnect(testbedId: string, { booting, monitor, testbeds }: UntilNodesConnectOptions): Promise<void> {
  await booting;
  const deadline = performance.now() + TIMEOUT_MS;
  const isWaiting = (): boolean => {
    const nodes = nodesInUse(testbeds.get(testbedId));
    const ready = new Set(nodes.flatMap((node) => (node.provisionState === 'ready' ? [node.id] : [])));
    return monitor.snapshot(testbedId).some((node) => ready.has(node.nodeId) && !node.isConnected);
  };
  while (isWaiting() && performance.now() < deadline) await delay(POLL_MS);
}
