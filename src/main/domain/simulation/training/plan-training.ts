// From what is asked for to a specification in which nothing is left open, with every wrong field named.
import type { z } from 'zod';
import {
  type ConfigProblem,
  type EnvironmentConfig,
  parseEnvironmentConfig,
} from '../../../../scheduling/environment/environment-config.js';
import { paperTrainingSettings, parseTrainingSettings, withCurrentNames } from '../../../../scheduling/learning/training-settings.js';
import type { startTrainingInput, TwinInput } from '../../../../shared/api/training-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { Training } from '../../../../shared/training.js';
import type { DigitalTwin } from './digital-twin.js';
import { configureEnvironment } from './policy-lookup.js';
import type { TrainingPlan } from './trainer-messages.js';

/** Largest experience of all agents; a checkpoint holds it whole. */
const MAX_REPLAY_BYTES = 1024 ** 3;

/**
 * Throws `invalid-input` with every field that is wrong or fits no other, and what is wrong with it.
 * @param makeTwin copies a testbed; without it no twin can be asked for
 */
export function planTraining(input: z.output<typeof startTrainingInput>, makeTwin = refuseTwin): TrainingPlan {
  const { method, preset, changes, episodes, seed, checkpointEvery } = input;
  const digitalTwin = input.twin && makeTwin(input.twin);
  const changed = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (digitalTwin && changed.length > 0) {
    throw refuse(
      changed.map((field) => ({ field: `changes.${field}`, message: 'The digital twin of a testbed takes this from the testbed.' })),
    );
  }
  const environment = digitalTwin?.environment ?? configureEnvironment(preset, changes);
  const { settings, problems } = parseTrainingSettings({
    ...paperTrainingSettings(method),
    ...digitalTwin?.settings,
    ...withCurrentNames(input.settings),
  });
  if (settings === null) throw refuse(problems);
  const bytes = replayBytes(environment, settings.replayCapacity);
  if (bytes > MAX_REPLAY_BYTES) {
    const message = `${settings.replayCapacity} transitions of ${environment.baseStations} agents need more than 1 GiB.`;
    throw refuse([{ field: 'replayCapacity', message }]);
  }
  const twin = digitalTwin && { twin: digitalTwin.twin };
  return { spec: { method, preset, changes, episodes, seed, checkpointEvery, settings, ...twin }, settings, environment };
}

/** The plan of a training on record. Throws `unsupported` where this program no longer takes its configuration. */
export function planAgain({ id, spec, environment }: Pick<Training, 'id' | 'spec' | 'environment'>): TrainingPlan {
  const { settings } = parseTrainingSettings(spec.settings);
  const { config } = parseEnvironmentConfig(environment);
  if (settings !== null && config !== null) return { spec, settings, environment: config };
  throw new AppError('unsupported', `Training ${id} has a configuration that this version does not know`, 'Start it again.');
}

function refuseTwin(input: TwinInput): DigitalTwin {
  throw refuse([{ field: 'twin', message: `There is no testbed ${input.testbedId} here` }]);
}

function refuse(problems: readonly ConfigProblem[]): AppError {
  const fields = problems.map(({ field, message }) => ({
    field: ['settings', field].filter(Boolean).join('.'),
    message: message.endsWith('.') ? message : `${message}.`,
  }));
  const details = fields.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return new AppError('invalid-input', `The training cannot be started: ${details}`, 'Give other values for these fields.', { fields });
}

/** Of all agents' replay buffers: state, latent, next state, next latent, action, reward and notDone of each transition. */
function replayBytes({ baseStations }: EnvironmentConfig, capacity: number): number {
  const numbersPerTransition = 2 * (2 + baseStations + baseStations) + 3;
  return baseStations * capacity * numbersPerTransition * Float32Array.BYTES_PER_ELEMENT;
}
