// From what is asked for to a specification in which nothing is left open, with every wrong field named.
import type { z } from 'zod';
import {
  type ConfigProblem,
  type EnvironmentConfig,
  parseEnvironmentConfig,
} from '../../../../scheduling/environment/environment-config.js';
import {
  paperTrainingSettings,
  parseTrainingSettings,
  testbedTrainingSettings,
  type TrainingSettings,
  withCurrentNames,
} from '../../../../scheduling/learning/training-settings.js';
import { isTestbedConfig, parseTestbedConfig, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { startTrainingInput, TwinInput } from '../../../../shared/api/training-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { Training, TrainingMethod } from '../../../../shared/training.js';
import type { DigitalTwin } from './digital-twin.js';
import { configureEnvironment } from './policy-lookup.js';
import type { TrainingPlan } from './trainer-messages.js';

/** Largest experience of all agents; a checkpoint holds it whole. */
const MAX_REPLAY_BYTES = 1024 ** 3;
const PAPER_EPISODES = 60;
const SHARED_EPISODES = 5;
const STATION_EPISODES = 20;

/**
 * Throws `invalid-input` with every field that is wrong or fits no other, and what is wrong with it.
 * @param makeTwin copies a testbed; without it no twin can be asked for
 */
export function planTraining(input: z.output<typeof startTrainingInput>, makeTwin = refuseTwin): TrainingPlan {
  const { method, preset, changes, seed, checkpointEvery } = input;
  const digitalTwin = input.twin && makeTwin(input.twin);
  const changed = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (digitalTwin && changed.length > 0) {
    throw refuse(
      changed.map((field) => ({ field: `changes.${field}`, message: 'The digital twin of a testbed takes this from the testbed.' })),
    );
  }
  const environment = digitalTwin?.environment ?? configureEnvironment(preset, changes);
  const { settings, problems } = parseTrainingSettings({
    ...(isTestbedConfig(environment) ? testbedTrainingSettings(method) : paperTrainingSettings(method)),
    ...digitalTwin?.settings,
    ...withCurrentNames(input.settings),
  });
  if (settings === null) throw refuse(problems);
  const misfits = findMisfits(method, settings, environment);
  if (misfits.length > 0) throw refuse(misfits);
  const bytes = replayBytes(environment, settings);
  if (bytes > MAX_REPLAY_BYTES) {
    const message = `${settings.replayCapacity} transitions of each agent need more than 1 GiB.`;
    throw refuse([{ field: 'replayCapacity', message }]);
  }
  const twin = digitalTwin && { twin: digitalTwin.twin };
  const episodes = input.episodes ?? usualEpisodes(settings, environment);
  return { spec: { method, preset, changes, episodes, seed, checkpointEvery, settings, ...twin }, settings, environment };
}

/** The plan of a training on record. Throws `unsupported` where this program no longer takes its configuration. */
export function planAgain({ id, spec, environment }: Pick<Training, 'id' | 'spec' | 'environment'>): TrainingPlan {
  const { settings } = parseTrainingSettings(spec.settings);
  const { config } = isTestbedConfig(environment) ? parseTestbedConfig(environment) : parseEnvironmentConfig(environment);
  if (settings !== null && config !== null) return { spec, settings, environment: config };
  throw new AppError('unsupported', `Training ${id} has a configuration that this version does not know`, 'Start it again.');
}

function refuseTwin(input: TwinInput): DigitalTwin {
  throw refuse([{ field: 'twin', message: `There is no testbed ${input.testbedId} here` }]);
}

function refuse(problems: readonly ConfigProblem[]): AppError {
  const fields = problems.map(({ field, message }) => ({
    field: field === 'method' ? field : ['settings', field].filter(Boolean).join('.'),
    message: message.endsWith('.') ? message : `${message}.`,
  }));
  const details = fields.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return new AppError('invalid-input', `The training cannot be started: ${details}`, 'Give other values for these fields.', { fields });
}

/** Settings of one kind of environment in the other, and of one method with another's network. */
function findMisfits(method: TrainingMethod, settings: TrainingSettings, environment: EnvironmentConfig | TestbedConfig): ConfigProblem[] {
  if (isTestbedConfig(environment)) {
    if (method === 'price-ts') {
      const message = 'PRICE-TS learns prices of slots, and the testbed’s environment has none. Take the environment “slots”.';
      return [{ field: 'method', message }];
    }
    if (method === 'dqn-ts' && settings.network === 'shared') {
      return [{ field: 'network', message: 'DQN-TS has a network for each station only.' }];
    }
    return [];
  }
  const ofTestbed = { network: 'per-station', state: 'backlogs', reward: 'delay' } as const;
  return (Object.keys(ofTestbed) as (keyof typeof ofTestbed)[])
    .filter((field) => settings[field] !== ofTestbed[field])
    .map((field) => ({ field, message: `Only “${ofTestbed[field]}” is possible outside the testbed’s environment.` }));
}

/** The paper's, or what sufficed in the testbed's environment with room to spare. */
function usualEpisodes({ network }: Pick<TrainingSettings, 'network'>, environment: EnvironmentConfig | TestbedConfig): number {
  if (!isTestbedConfig(environment)) return PAPER_EPISODES;
  return network === 'shared' ? SHARED_EPISODES : STATION_EPISODES;
}

/** Of all agents' replay buffers: state, latent, next state, next latent, action, reward and notDone of each transition. */
function replayBytes(environment: EnvironmentConfig | TestbedConfig, { replayCapacity, network }: TrainingSettings): number {
  const servers = isTestbedConfig(environment) ? environment.nodes.length : environment.baseStations;
  const agents = network === 'shared' ? 1 : servers;
  const numbersPerTransition = 2 * (2 + servers + servers) + 3;
  return agents * replayCapacity * numbersPerTransition * Float32Array.BYTES_PER_ELEMENT;
}
