// PRICE-TS: not of the paper. Each task goes where its own delay and what it costs the others together are least; the costs are congestion
// prices (congestion-prices.ts), a table learned over episodes in place of networks. docs/beyond-the-paper.md has reasons and figures.
//
//   cost[j] = (q_j + B own_j + w) / f_j  +  externalityWeight * w * price[t][j]            the least wins, the first of equals
//
// q: backlogs of the last slot (Eq. 6). own: what this BS has sent in the slot before, counted B times, as if all BSs did the same: without
// that all herd to one ES. f: known, or shown by any delay. Transmission (some ms) is left out, so a BS needs no more than the paper's state,
// the slot's number and the table.

import { firstTaskOf } from '../environment/arrivals.js';
import type { Environment } from '../environment/environment.js';
import type { EpisodeDecider, SimulatorPolicy, SlotObservation } from '../environment/simulator-policy.js';
import { CongestionPrices } from './congestion-prices.js';
import type { TrainingSettings } from './training-settings.js';

export const PRICE_METHOD = 'price-ts';

/** What is learned, between two episodes. */
export interface LearnedPrices {
  /** Seconds a Gigacycle, [slots, servers]. */
  values: Float32Array;
  episodes: number;
}

export interface PriceTsOptions {
  environment: Environment;
  settings: Pick<TrainingSettings, 'externalityWeight' | 'priceStartWeight'>;
  /** From a checkpoint. */
  learned?: LearnedPrices;
  /** Gets the probabilities of each decision of a policy that only decides: 1 for the server that it chose. Read only, good until the next. */
  onDecision?: (probabilities: Float32Array) => void;
}

/** Decides and learns: the prices at an episode's end. */
export function createPriceLearner({ environment, settings, learned }: PriceTsOptions): {
  policy: SimulatorPolicy;
  takeLearned(): LearnedPrices;
} {
  const { baseStations: servers, slots } = environment.config;
  const prices = new CongestionPrices({ slots, servers }, learned?.values);
  let episodes = learned?.episodes ?? 0;
  const policy: SimulatorPolicy = {
    name: PRICE_METHOD,
    startEpisode(episode) {
      prices.startEpisode();
      return {
        ...createDecider(episode, prices.values, settings.externalityWeight),
        learn(outcome) {
          prices.recordSlot(outcome);
          if (outcome.slot < outcome.arrivals.slots - 1) return undefined;
          // A mean over the episodes: prices and decisions answer each other, and a steady rate has them swing.
          prices.learnEpisode(episode.capacityGigacyclesPerSec, 1 / (settings.priceStartWeight + episodes + 1));
          episodes++;
          return undefined;
        },
      };
    },
  };
  return { policy, takeLearned: () => ({ values: prices.values.slice(), episodes }) };
}

/** Only decides. */
export function createPricePolicy({ settings, onDecision }: PriceTsOptions, { values }: LearnedPrices): SimulatorPolicy {
  return {
    name: PRICE_METHOD,
    startEpisode: (environment) => createDecider(environment, values, settings.externalityWeight, onDecision),
  };
}

function createDecider(
  { config, capacityGigacyclesPerSec }: Environment,
  prices: Float32Array,
  externalityWeight: number,
  onDecision?: (probabilities: Float32Array) => void,
): EpisodeDecider {
  const count = config.baseStations;
  const secPerGigacycle = capacityGigacyclesPerSec.map((rate) => 1 / rate);
  // What a Gigacycle of the task itself costs at each server in this slot: its own computing and the others' waiting.
  const costPerGigacycle = new Float64Array(count);
  const loadGigacycles = new Float64Array(count);
  const probabilities = new Float32Array(count);
  const findMinCost = (work: number): number => {
    let best = 0;
    let minSec = Infinity;
    for (let server = 0; server < count; server++) {
      const costSec = loadGigacycles[server]! * secPerGigacycle[server]! + work * costPerGigacycle[server]!;
      if (costSec >= minSec) continue;
      minSec = costSec;
      best = server;
    }
    return best;
  };
  return {
    decideSlot({ slot, firstTask, arrivals, backlogGigacycles }: SlotObservation, choices: Int32Array) {
      for (let server = 0; server < count; server++) {
        costPerGigacycle[server] = secPerGigacycle[server]! + externalityWeight * prices[slot * count + server]!;
      }
      for (let station = 0; station < count; station++) {
        loadGigacycles.set(backlogGigacycles);
        const end = firstTaskOf(arrivals, slot, station + 1);
        for (let task = firstTaskOf(arrivals, slot, station); task < end; task++) {
          const work = arrivals.workGigacycles[task]!;
          const server = findMinCost(work);
          choices[task - firstTask] = server;
          loadGigacycles[server]! += count * work;
          onDecision?.(probabilities.fill(0).fill(1, server, server + 1));
        }
      }
      return undefined;
    },
  };
}
