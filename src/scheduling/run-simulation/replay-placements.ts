// A run as it was placed, by the nodes' times and queues alone: no one decides, so what differs from the run is the model of a node.
import type { QueueOrder } from '../../shared/scheduling-settings.js';
import { steadyPace } from '../simulated-node/node-pace.js';
import { SimulatedEdgeServer, type SimulatedTimes } from '../simulated-node/simulated-edge-server.js';

export interface RecordedPlacement {
  ordinal: number;
  qualitySteps: number;
  /** Index of the node that executed it. */
  server: number;
  /** When that node took it into its queue. */
  admittedSec: number;
}

/** Ends of the computations by ordinal, each node at its speed on record. Of one node and instant, the order given is the order of admission. */
export function replayPlacements(
  placements: readonly RecordedPlacement[],
  { nodes, queueOrder }: { nodes: readonly SimulatedTimes[]; queueOrder: QueueOrder },
): Map<number, number> {
  const ends = new Map<number, number>();
  const onEnd = ({ ordinal, endSec }: { ordinal: number; endSec: number }): void => void ends.set(ordinal, endSec);
  const servers = nodes.map((times) => new SimulatedEdgeServer({ times, pace: steadyPace(), queueOrder, estimate: null, onEnd }));
  for (const { server, admittedSec, ...task } of placements.toSorted((a, b) => a.admittedSec - b.admittedSec))
    servers[server]?.admit(task, admittedSec);
  for (const server of servers) server.advance(Infinity);
  return ends;
}
