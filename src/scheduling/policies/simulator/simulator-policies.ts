// The table of all policies of the simulator; a new one gets a row here (recipe in CONTRIBUTING.md).
import { createOptTs } from './opt-ts.js';
import { createShortestCompletion } from './shortest-completion.js';
import type { SimulatorPolicy } from './simulator-policy.js';
import { createSizeAwareSplit } from './size-aware-split.js';
import { createCapacityProportional, createLocal, createRoundRobin, createUniformRandom } from './uninformed.js';

export interface SimulatorPolicyEntry {
  title: string;
  /** What it must be told to decide, in one phrase. */
  knowledge: string;
  create(): SimulatorPolicy;
}

const LAST_SLOT = 'capacities, own links, backlogs at the end of the last slot';

export const SIMULATOR_POLICIES = {
  'opt-ts': { title: 'Opt-TS (greedy)', knowledge: 'everything up to the task in hand, all base stations', create: createOptTs },
  'size-aware-split': {
    title: 'Size-aware split',
    knowledge: 'as Opt-TS, and the sizes of the whole slot',
    create: () => createSizeAwareSplit('size-aware-split'),
  },
  'size-aware-split-mild': {
    title: 'Size-aware split, mild',
    knowledge: 'as Opt-TS, and the sizes of the whole slot',
    create: () => createSizeAwareSplit('size-aware-split-mild'),
  },
  'capacity-proportional': { title: 'Capacity-proportional random', knowledge: 'capacities', create: createCapacityProportional },
  'shortest-completion-mean-field': {
    title: 'Shortest completion, own dispatches times B',
    knowledge: `${LAST_SLOT}, own dispatches, B`,
    create: () => createShortestCompletion('counted-for-all'),
  },
  'shortest-completion-own': {
    title: 'Shortest completion, own dispatches',
    knowledge: `${LAST_SLOT}, own dispatches`,
    create: () => createShortestCompletion('counted'),
  },
  'shortest-completion-last-slot': {
    title: 'Shortest completion, last slot only',
    knowledge: LAST_SLOT,
    create: () => createShortestCompletion('ignored'),
  },
  random: { title: 'Random', knowledge: 'nothing', create: createUniformRandom },
  'round-robin': { title: 'Round-robin', knowledge: 'nothing', create: createRoundRobin },
  local: { title: 'Local', knowledge: 'nothing', create: createLocal },
} as const satisfies Record<string, SimulatorPolicyEntry>;

export type SimulatorPolicyName = keyof typeof SIMULATOR_POLICIES;

export const SIMULATOR_POLICY_NAMES = Object.keys(SIMULATOR_POLICIES) as SimulatorPolicyName[];
