// A heuristic: a rule by which one base station (BS) chooses the edge server (ES) of each of its tasks, without learning. It is written once;
// `simulate-heuristic.ts` runs B of them in the simulator, `schedule-by-heuristic.ts` one on each node of a testbed.
import type { RandomSource } from '../../random/random.js';
import type { Knowledge, KnowledgeKind } from './knowledge.js';

/** Gives a task of the batch to a server. On a testbed tasks are sent in the order of these calls. */
export type Place = (task: number, server: number) => void;

/** Places every task of a batch exactly once, by what `station` gives and by `random`, nothing else. Every server it names is reachable. */
export type Decide<Known> = (station: Known, place: Place, random: RandomSource) => void;

/** What a run may set of a heuristic. Most have nothing to set. */
export interface HeuristicSettings {
  /** k of considerate completion, 0 to 1. */
  consideration: number;
  /** The run says in which order a batch is placed, and tasks are numbered in it: a heuristic with an order of its own follows that instead. */
  isOrderGiven: boolean;
}

/** Where no one sets anything. Halfway, k is on the safe side on all testbeds that were tried (docs/beyond-the-paper.md). */
export const USUAL_SETTINGS: HeuristicSettings = { consideration: 0.5, isOrderGiven: false };

/** Made again for each station of each run or episode; what it keeps from batch to batch stays in the closure. */
export type Heuristic<Kind extends KnowledgeKind> = (settings: HeuristicSettings) => Decide<Knowledge[Kind]>;

/** A row of the table of heuristics. */
export interface HeuristicRow<Kind extends KnowledgeKind> {
  /** What people call it, everywhere. */
  title: string;
  /** What it does, for someone who chooses. */
  sentence: string;
  /** What it is given, and no more. */
  knows: Kind;
  create: Heuristic<Kind>;
}

/** Property by property, so that `create` fits its own `knows`. */
export type AnyHeuristicRow = { [Kind in KnowledgeKind]: HeuristicRow<Kind> }[KnowledgeKind];
