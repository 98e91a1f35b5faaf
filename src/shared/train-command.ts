// The command line that makes the same training again.
import { quoteWord } from './command-line.js';
import type { TrainingChanges, TrainingSpec, TrainingTwin } from './training.js';
import { defaultOf, listOtherSettings, SETTING_CHOICES, SETTING_FIELDS, usualChoiceOf } from './training-setting-fields.js';

const OPTION_OF_CHANGE: Record<keyof TrainingChanges, string> = {
  baseStations: '--base-stations',
  slots: '--slots',
  maxTasksPerSlot: '--max-tasks',
  maxCapacityGigacyclesPerSec: '--max-capacity',
  maxQualitySteps: '--max-quality',
};

/** Names what differs from preset and method; the rest is theirs. Quoted for POSIX shells. */
export function toTrainCommand(spec: TrainingSpec): string {
  const { method, preset, twin, episodes, seed, checkpointEvery, changes, settings } = spec;
  const kind = twin?.environment ?? 'slots';
  const changed = (Object.entries(OPTION_OF_CHANGE) as [keyof TrainingChanges, string][]).flatMap(([name, option]) =>
    changes[name] === undefined ? [] : [`${option} ${changes[name]}`],
  );
  const set = SETTING_FIELDS.flatMap((field): [string, unknown][] => {
    const value = settings[field.name];
    return value === undefined || value === defaultOf(field, method, kind) ? [] : [[field.name, value]];
  });
  const chosen = SETTING_CHOICES.flatMap((choice): [string, unknown][] => {
    const value = settings[choice.name] ?? choice.defaultValue;
    return value === usualChoiceOf(choice, method, kind) ? [] : [[choice.name, value]];
  });
  const words = [...set, ...chosen, ...Object.entries(listOtherSettings(spec))].map(
    ([name, value]) => `--set ${quoteWord(`${name}=${writeValue(value)}`)}`,
  );
  return [
    'npm run cli -- train',
    `--method ${method}`,
    ...(twin ? [`--testbed ${quoteWord(twin.testbedId)}`, `--environment ${kind}`, ...writeTwin(twin)] : [`--preset ${preset}`]),
    `--episodes ${episodes}`,
    `--seed ${seed}`,
    `--checkpoint-every ${checkpointEvery}`,
    ...changed,
    ...words,
  ].join(' ');
}

/** Measures a training's last policy on unseen arrivals. */
export function toEvaluateCommand(trainingId: string, episodes: number | undefined): string {
  return ['npm run cli -- evaluate', `--policy ${trainingId}`, ...(episodes === undefined ? [] : [`--episodes ${episodes}`])].join(' ');
}

function writeTwin({ qualitySteps, load, arrivals, view, speeds }: TrainingTwin): string[] {
  const kinds = Object.entries({ arrivals, view, speeds }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return [`--steps ${qualitySteps.min}-${qualitySteps.max}`, `--load ${load}`, ...kinds];
}

function writeValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
