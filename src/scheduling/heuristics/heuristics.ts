// The table of all heuristics, from what knows least to what knows most. Window, terminal, evaluation, studies, runs and Table V read it and
// nothing else; a new heuristic gets a row here (docs/add-a-heuristic.md).
import { createCapacityProportional } from './capacity-proportional.js';
import type { AnyHeuristicRow } from './heuristic.js';
import { KNOWLEDGE, type StationKnowledgeKind } from './knowledge.js';
import { createOptTs, createShortestCompletion } from './least-delay.js';
import { createLocalOnly } from './local-only.js';
import { createRandomChoice } from './random-choice.js';
import { createRoundRobin } from './round-robin.js';
import { createConsiderateCompletion, createShortestExpectedCompletion } from './shortest-expected-completion.js';
import { createSizeAwareSplit } from './size-aware-split.js';

/** By name; names are stored with runs and studies, so they never change. */
export const HEURISTICS = {
  'local-only': {
    title: 'Local only',
    sentence: 'Each task runs where it arrives; no cooperation between nodes.',
    knows: 'servers',
    create: createLocalOnly,
  },
  random: {
    title: 'Random',
    sentence: 'Each task goes to a node drawn at random; the plain baseline.',
    knows: 'servers',
    create: createRandomChoice,
  },
  'round-robin': {
    title: 'Round-robin',
    sentence: 'Nodes take turns, whatever their speed and queue.',
    knows: 'servers',
    create: createRoundRobin,
  },
  'capacity-proportional': {
    title: 'Capacity-proportional',
    sentence: 'Nodes get tasks in proportion to their speed, whatever their queue.',
    knows: 'speeds',
    create: createCapacityProportional,
  },
  'shortest-completion-last-slot': {
    title: 'Shortest completion, last slot only',
    sentence: 'Each task goes where the last report says it is done first; nodes herd, so the worst baseline that knows queues.',
    knows: 'reports',
    create: createShortestCompletion('ignored'),
  },
  'shortest-completion-own': {
    title: 'Shortest completion, own dispatches',
    sentence: 'Each task goes where it is done first by the last report and what the local node has sent since.',
    knows: 'reports',
    create: createShortestCompletion('counted'),
  },
  'shortest-completion-mean-field': {
    title: 'Shortest completion, own dispatches times B',
    sentence: 'Each task goes where it is done first if all nodes have sent as much since the last report as its own.',
    knows: 'reports',
    create: createShortestCompletion('counted-for-all'),
  },
  'shortest-expected-completion': {
    title: 'Shortest expected completion',
    sentence: 'Each task goes where it is expected to be done first, counting link, queue and speed. The best one for a testbed.',
    knows: 'reports',
    create: createShortestExpectedCompletion,
  },
  'considerate-completion': {
    title: 'Considerate completion',
    sentence: 'As shortest expected completion, but a long computation costs more than a long wait: it keeps others from the node.',
    knows: 'reports',
    create: createConsiderateCompletion,
  },
  'opt-ts': {
    title: 'Opt-TS',
    sentence: 'Each task in turn goes where its own delay is least, with full knowledge; greedy, so no bound.',
    knows: 'queues',
    create: createOptTs,
  },
  // Two settings found by trial (docs/method.md), not from the paper: least mean delay, and as much of it as the tail hardly pays for.
  'size-aware-split': {
    title: 'Size-aware split',
    sentence: 'As Opt-TS, but the largest 30 % of the tasks keep to the slowest 45 % of the capacity.',
    knows: 'slot',
    create: createSizeAwareSplit({ largeTasks: 0.3, slowCapacity: 0.45 }),
  },
  'size-aware-split-mild': {
    title: 'Size-aware split, mild',
    sentence: 'As Opt-TS, but the largest 15 % of the tasks keep to the slowest 30 % of the capacity.',
    knows: 'slot',
    create: createSizeAwareSplit({ largeTasks: 0.15, slowCapacity: 0.3 }),
  },
} as const satisfies Record<string, AnyHeuristicRow>;

export type HeuristicName = keyof typeof HEURISTICS;

export const HEURISTIC_NAMES = Object.keys(HEURISTICS) as HeuristicName[];

/** Heuristics that can schedule runs: their knowledge is what a station of a testbed has. */
export type StationHeuristicName = {
  [Name in HeuristicName]: (typeof HEURISTICS)[Name]['knows'] extends StationKnowledgeKind ? Name : never;
}[HeuristicName];

export const STATION_HEURISTIC_NAMES = HEURISTIC_NAMES.filter(
  (name): name is StationHeuristicName => KNOWLEDGE[HEURISTICS[name].knows].whyNotOnTestbed === null,
);

/** Names under which the simulator knew a heuristic before; studies and scripts that use them stay good. */
const FORMER_NAMES = { local: 'local-only' } as const satisfies Record<string, HeuristicName>;

/** A name that stands for a heuristic. */
export type HeuristicAlias = HeuristicName | keyof typeof FORMER_NAMES;

export function isHeuristic(name: string): name is HeuristicAlias {
  return Object.hasOwn(HEURISTICS, name) || Object.hasOwn(FORMER_NAMES, name);
}

export function heuristicOf(name: HeuristicAlias): AnyHeuristicRow {
  return HEURISTICS[name in FORMER_NAMES ? FORMER_NAMES[name as keyof typeof FORMER_NAMES] : (name as HeuristicName)];
}
