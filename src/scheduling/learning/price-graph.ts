// PRICE-TS as a graph, so that its policy travels as the networks do: the same inputs and output, and the number of the slot.

import type { Graph } from '../graph/graph.js';
import { GraphBuilder } from '../graph/graph-builder.js';
import type { ObservationScale } from './observation.js';

export interface PriceGraphOptions {
  agents: number;
  /** Observations of each agent in one run. */
  batchSize: number;
  slots: number;
  /** f, [servers]. */
  capacityGigacyclesPerSec: ArrayLike<number>;
  /** Seconds a Gigacycle, [slots, servers]. */
  prices: ArrayLike<number>;
  externalityWeight: number;
  /** As of all policies: what the parts of the states are divided by. */
  scale: ObservationScale;
}

/**
 * Inputs: `states` [agents, batch, 2 + B], and `slot` [1, slots], one-hot. The caller adds what the BS has sent in the slot, times B, to the
 * backlogs of its states. Output: `probabilities` [agents, batch, B], all on the least cost, shared between equals.
 */
export function buildPriceGraph(options: PriceGraphOptions): Graph {
  const { agents, batchSize, slots, capacityGigacyclesPerSec, externalityWeight, scale } = options;
  const servers = capacityGigacyclesPerSec.length;
  const b = new GraphBuilder<'states' | 'slot'>();
  const states = b.input('states', [agents, batchSize, 2 + servers]);
  const slot = b.input('slot', [1, slots]);
  const workGigacycles = b.scale(b.slice(states, 2, 1, 2), scale.workGigacycles);
  const backlogGigacycles = b.scale(b.slice(states, 2, 2, 2 + servers), scale.backlogGigacycles);
  const secPerGigacycle = b.constant(
    Array.from(capacityGigacyclesPerSec, (rate) => 1 / rate),
    [1, servers],
  );
  const prices = b.matMul(slot, b.constant(options.prices, [slots, servers]));
  const costPerGigacycle = b.add(secPerGigacycle, b.scale(prices, externalityWeight));
  const shape = [agents, batchSize, servers];
  const waitingSec = b.mul(backlogGigacycles, b.expand(secPerGigacycle, shape));
  const costSec = b.add(waitingSec, b.mul(b.expand(workGigacycles, shape), b.expand(costPerGigacycle, shape)));
  const isMin = b.sub(b.scalar(1), b.step(b.sub(costSec, b.min(costSec, [2]))));
  return b.finish({ probabilities: b.div(isMin, b.sum(isMin, [2])) });
}
