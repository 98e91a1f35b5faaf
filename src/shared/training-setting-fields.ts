// How the methods learn: the fields of Table IV and of the paper's public code, as the form shows them. The trainer has the last word on
// what a value may be, and what is not changed here is not sent to it.
import type { TrainingMethod, TrainingSpec, TwinEnvironment } from './training.js';

export interface SettingField {
  /** The trainer's name of it. */
  name: string;
  label: string;
  unit?: string;
  /** The paper's value, or its public code's. */
  defaultValue: number;
  /** Symbol, source and what else helps to choose. */
  hint: string;
  step: number | 'any';
}

export const SETTING_FIELDS: readonly SettingField[] = [
  { name: 'hiddenSize', label: 'Hidden neurons', defaultValue: 20, hint: 'In each of two layers. Table IV.', step: 1 },
  { name: 'batchSize', label: 'Batch size', unit: 'transitions', defaultValue: 64, hint: 'K. Table IV.', step: 1 },
  { name: 'actorLearningRate', label: 'Actor learning rate', defaultValue: 1e-4, hint: 'Table IV.', step: 'any' },
  { name: 'criticLearningRate', label: 'Critic learning rate', defaultValue: 1e-3, hint: 'Table IV.', step: 'any' },
  { name: 'temperatureLearningRate', label: 'Temperature learning rate', defaultValue: 3e-4, hint: 'Table IV.', step: 'any' },
  { name: 'initialTemperature', label: 'Initial temperature', defaultValue: 0.05, hint: 'alpha. Table IV.', step: 'any' },
  {
    name: 'targetEntropy',
    label: 'Target entropy',
    unit: 'nats',
    defaultValue: -1,
    hint: 'Table IV. Up to ln B is possible; at -1 the temperature can only fall.',
    step: 'any',
  },
  { name: 'discount', label: 'Discount', defaultValue: 0.95, hint: 'gamma. Table IV.', step: 'any' },
  { name: 'tau', label: 'Soft update weight', defaultValue: 0.005, hint: 'tau. Eq. 17, Table IV.', step: 'any' },
  {
    name: 'denoisingSteps',
    label: 'Denoising steps of the policy',
    defaultValue: 5,
    hint: 'I. Table IV. Of the diffusion methods only.',
    step: 1,
  },
  { name: 'replayCapacity', label: 'Replay buffer', unit: 'transitions per agent', defaultValue: 1000, hint: 'Table IV.', step: 1 },
  {
    name: 'learningStarts',
    label: 'Learning starts',
    unit: 'transitions per agent',
    defaultValue: 300,
    hint: 'Algorithm 1, line 15. Below the replay buffer.',
    step: 1,
  },
  { name: 'updatesPerSlot', label: 'Updates per slot', defaultValue: 1, hint: 'The paper’s public code.', step: 1 },
  { name: 'rewardScale', label: 'Reward scale', unit: '1/s', defaultValue: 1, hint: 'Eq. 9: reward = -delay times this.', step: 'any' },
  { name: 'explorationRate', label: 'Exploration rate', defaultValue: 0, hint: 'Share of random decisions; 0.05 for DQN-TS.', step: 'any' },
  {
    name: 'regretBound',
    label: 'Regret bound',
    unit: 'task times',
    defaultValue: 4,
    hint: 'In mean times of the task. With the reward “regret” only. Without a bound nothing is learned.',
    step: 'any',
  },
  {
    name: 'completionBound',
    label: 'Completion bound',
    unit: 'task times',
    defaultValue: 5,
    hint: 'In mean times of the task. With the state “completions” only.',
    step: 'any',
  },
  { name: 'betaMin', label: 'Least noise rate', defaultValue: 0.1, hint: 'The paper’s public code.', step: 'any' },
  { name: 'betaMax', label: 'Greatest noise rate', defaultValue: 10, hint: 'The paper’s public code.', step: 'any' },
  { name: 'stepEncodingSize', label: 'Step encoding', unit: 'numbers', defaultValue: 16, hint: 'The paper’s public code. Even.', step: 2 },
  {
    name: 'externalityWeight',
    label: 'Weight of others’ waiting',
    defaultValue: 1,
    hint: 'Of PRICE-TS only. 0 is greedy, 1 the least mean delay; lower spares the largest tasks.',
    step: 'any',
  },
  {
    name: 'priceStartWeight',
    label: 'Weight of the start',
    unit: 'episodes',
    defaultValue: 1,
    hint: 'Of PRICE-TS only. For so many episodes counts that prices start at zero.',
    step: 1,
  },
];

/** A setting with a few named values: where the paper's text and its public code differ. */
export interface SettingChoice {
  /** The trainer's name of it. */
  name: string;
  label: string;
  defaultValue: string;
  hint: string;
  options: readonly { value: string; label: string }[];
}

export const SETTING_CHOICES: readonly SettingChoice[] = [
  {
    name: 'network',
    label: 'Network',
    defaultValue: 'per-station',
    hint: 'Shared, it decides on any number of nodes; in the testbed’s environment only.',
    options: [
      { value: 'per-station', label: 'One for each station (paper)' },
      { value: 'shared', label: 'One that scores every server' },
    ],
  },
  {
    name: 'state',
    label: 'State of the servers',
    defaultValue: 'backlogs',
    hint: 'Completions in the testbed’s environment only.',
    options: [
      { value: 'backlogs', label: 'Backlogs (Eq. 6)' },
      { value: 'completions', label: 'Completions, next to the first' },
    ],
  },
  {
    name: 'reward',
    label: 'Reward',
    defaultValue: 'delay',
    hint: 'Regret in the testbed’s environment only.',
    options: [
      { value: 'delay', label: 'Negative delay (Eq. 9)' },
      { value: 'regret', label: 'Negative regret, bounded' },
    ],
  },
  {
    name: 'chainStart',
    label: 'Chains start from',
    defaultValue: 'latents',
    hint: 'Of LAD-TS only: stored latents, or every server alike.',
    options: [
      { value: 'latents', label: 'Latents (Algorithm 1)' },
      { value: 'even', label: 'Even probabilities' },
    ],
  },
  {
    name: 'latentIndex',
    label: 'Latents are kept',
    defaultValue: 'slot-and-task',
    hint: 'Of LAD-TS only: whose last output a chain starts from.',
    options: [
      { value: 'slot-and-task', label: 'By slot and task (public code)' },
      { value: 'task', label: 'By task (the paper’s text)' },
    ],
  },
  {
    name: 'epsilonBound',
    label: 'Bound of eps',
    defaultValue: 'softmax',
    hint: 'Of the diffusion methods only: unbounded, a chain multiplies its start.',
    options: [
      { value: 'softmax', label: 'Softmax (public code)' },
      { value: 'none', label: 'None (Fig. 4)' },
    ],
  },
  {
    name: 'chainNoise',
    label: 'Noise of the chain',
    defaultValue: 'root',
    hint: 'Of the diffusion methods only: standard deviation, of betatilde.',
    options: [
      { value: 'root', label: 'Its root (public code)' },
      { value: 'half', label: 'Half of it (Eq. 10)' },
    ],
  },
];

/** What a testbed's environment has otherwise: docs/learned-runs.md says what each is worth. */
const TESTBED_FIELDS: Readonly<Record<string, number>> = { discount: 0, updatesPerSlot: 10, rewardScale: 4 };
const TESTBED_CHOICES: Readonly<Record<string, string>> = {
  network: 'shared',
  chainStart: 'even',
  latentIndex: 'task',
  state: 'completions',
  reward: 'regret',
};

/** What the form does not offer, with the trainer's own values: taken over whole from an earlier training. */
const OTHER_SETTINGS: Readonly<Record<string, unknown>> = {
  observationScale: { sizeMbit: 5, workGigacycles: 4, backlogGigacycles: 500 },
};

/** DQN-TS explores by chance, since its policy is greedy; the other methods by their entropy. */
const DQN_EXPLORATION_RATE = 0.05;

/** The method's own value of a setting, in an environment. */
export function defaultOf({ name, defaultValue }: SettingField, method: TrainingMethod, environment: TwinEnvironment = 'slots'): number {
  if (name === 'explorationRate' && method === 'dqn-ts') return DQN_EXPLORATION_RATE;
  return environment === 'testbed' ? (TESTBED_FIELDS[name] ?? defaultValue) : defaultValue;
}

/** As defaultOf, of a setting with named values. */
export function usualChoiceOf(
  { name, defaultValue }: Pick<SettingChoice, 'name' | 'defaultValue'>,
  method: TrainingMethod,
  environment: TwinEnvironment = 'slots',
): string {
  if (environment === 'slots' || (name === 'network' && method === 'dqn-ts')) return defaultValue;
  return TESTBED_CHOICES[name] ?? defaultValue;
}

/** Settings of a training without a field in the form, where they differ from the trainer's own. */
export function listOtherSettings({ settings, twin }: Pick<TrainingSpec, 'settings' | 'twin'>): Record<string, unknown> {
  const fields = new Set([...SETTING_FIELDS, ...SETTING_CHOICES].map(({ name }) => name));
  // The scales of a testbed's environment come from its nodes.
  const isOfTestbed = (name: string): boolean => name === 'observationScale' && twin?.environment === 'testbed';
  const isSame = (name: string, value: unknown): boolean =>
    isOfTestbed(name) || JSON.stringify(value) === JSON.stringify(OTHER_SETTINGS[name]);
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => !fields.has(name) && !isSame(name, value)));
}
