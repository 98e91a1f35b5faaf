// What a base station saw of the edge servers for each task of a batch, with what it had placed before it: what its policy decided on.
import { expectedComputeSec, type SchedulingObservation } from '../../scheduling/policies/policy.js';

/** One edge server (ES) as it looked for one task, model ms. */
export interface ServerSeen {
  backlogMs: number;
  serviceMs: number;
  isReachable: boolean;
}

export class BatchView {
  readonly #observation: SchedulingObservation;
  readonly #placedSec: number[];

  constructor(observation: SchedulingObservation) {
    this.#observation = observation;
    this.#placedSec = observation.edgeServers.map(() => 0);
  }

  /** Of the next task in the order of the decisions, which then counts on the ES that was chosen. */
  take(qualitySteps: number, chosen: number): ServerSeen[] {
    const seen = this.#observation.edgeServers.map((es, index) => ({
      backlogMs: (es.backlogSec + this.#placedSec[index]!) * 1000,
      serviceMs: expectedComputeSec({ qualitySteps }, es) * 1000,
      isReachable: es.isReachable,
    }));
    this.#placedSec[chosen] = (this.#placedSec[chosen] ?? 0) + (seen[chosen]?.serviceMs ?? 0) / 1000;
    return seen;
  }
}
