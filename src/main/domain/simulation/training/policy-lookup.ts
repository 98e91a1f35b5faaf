// Names from outside to heuristics and presets.
import type { ConfigProblem, EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { parseEnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { PRESET_NAMES, PRESETS } from '../../../../scheduling/environment/presets.js';
import type { PresetName } from '../../../../scheduling/environment/presets.js';
import { HEURISTIC_NAMES, type HeuristicAlias, HEURISTICS, isHeuristic } from '../../../../scheduling/heuristics/heuristics.js';
import { KNOWLEDGE } from '../../../../scheduling/heuristics/knowledge.js';
import { AppError, type FieldComplaint } from '../../../../shared/errors.js';
import type { TrainingChanges } from '../../../../shared/training.js';

export interface PolicySummary {
  name: string;
  title: string;
  /** What it does, for someone who chooses. */
  sentence: string;
  /** What it must know to decide. */
  knowledge: string;
  /** Why it cannot schedule runs on a testbed; null where it can. Every one can be evaluated and be in a study. */
  whyNotOnTestbed: string | null;
}

export function listPolicies(): PolicySummary[] {
  return HEURISTIC_NAMES.map((name) => {
    const { title, sentence, knows } = HEURISTICS[name];
    const { phrase, whyNotOnTestbed } = KNOWLEDGE[knows];
    return { name, title, sentence, knowledge: phrase, whyNotOnTestbed };
  });
}

/** Each name once, in the order given. Throws `not-found` with the names there are. */
export function findPolicies(names: readonly string[]): HeuristicAlias[] {
  const unknown = names.find((name) => !isHeuristic(name));
  if (unknown !== undefined) throw new AppError('not-found', `There is no policy “${unknown}”`, `Known: ${HEURISTIC_NAMES.join(', ')}.`);
  return [...new Set(names.filter(isHeuristic))];
}

/** A preset with changes. Throws `not-found` for an unknown preset, `invalid-input` naming every field that is wrong. */
export function configureEnvironment(preset: string, changes: TrainingChanges): EnvironmentConfig {
  if (!isPresetName(preset)) throw new AppError('not-found', `There is no preset “${preset}”`, `Known: ${PRESET_NAMES.join(', ')}.`);
  const base = PRESETS[preset];
  const { config, problems } = parseEnvironmentConfig({
    ...base,
    baseStations: changes.baseStations ?? base.baseStations,
    slots: changes.slots ?? base.slots,
    tasksPerSlot: withMax(base.tasksPerSlot, changes.maxTasksPerSlot),
    capacityGigacyclesPerSec: withMax(base.capacityGigacyclesPerSec, changes.maxCapacityGigacyclesPerSec),
    qualitySteps: withMax(base.qualitySteps, changes.maxQualitySteps),
  });
  if (config) return config;
  throw new AppError(
    'invalid-input',
    `The environment cannot be made: ${problems.map(describeProblem).join(' ')}`,
    'Give other values for these fields; docs/method.md says what they mean.',
    { fields: problems.flatMap(complainOfChange) },
  );
}

function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

function withMax(range: { min: number; max: number }, max: number | undefined): { min: number; max: number } {
  return { min: range.min, max: max ?? range.max };
}

/** What the environment's fields are called where they are asked for. */
const CHANGE_OF_FIELD: Record<string, keyof TrainingChanges> = {
  baseStations: 'baseStations',
  slots: 'slots',
  tasksPerSlot: 'maxTasksPerSlot',
  capacityGigacyclesPerSec: 'maxCapacityGigacyclesPerSec',
  qualitySteps: 'maxQualitySteps',
};

function complainOfChange({ field, message }: ConfigProblem): FieldComplaint[] {
  const change = CHANGE_OF_FIELD[field.split('.')[0] ?? ''];
  return change === undefined ? [] : [{ field: `changes.${change}`, message }];
}

function describeProblem({ field, message }: ConfigProblem): string {
  return `${field}: ${message}${message.endsWith('.') ? '' : '.'}`;
}
