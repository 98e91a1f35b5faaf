import type { RunLive } from '../../../../src/shared/run.js';

/** A connected node that does nothing; its name is its id in capitals. */
export function buildNodeLive(nodeId: string, change: Partial<RunLive['nodes'][number]> = {}): RunLive['nodes'][number] {
  return {
    nodeId,
    nodeName: nodeId.toUpperCase(),
    isConnected: true,
    lastCheckInAgeSec: 0,
    queueLength: 0,
    backlogSec: 0,
    runningTaskId: null,
    runningOrdinal: null,
    runningStep: null,
    runningSteps: null,
    executedCount: 0,
    problem: null,
    ...change,
  };
}
