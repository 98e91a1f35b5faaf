// A study run taken apart into cells, and each cell into what the training process is sent.
import { startTrainingInput } from '../../../../../shared/api/training-inputs.js';
import { AppError } from '../../../../../shared/errors.js';
import type { StudyCellKey, StudyDefinition } from '../../../../../shared/study.js';
import { TRAINING_METHODS, type TrainingMethod } from '../../../../../shared/training.js';
import { planTraining } from '../../training/plan-training.js';
import { configureEnvironment, findPolicies } from '../../training/policy-lookup.js';
import type { SimulationTask, TrainingPlan } from '../../training/trainer-messages.js';

export interface StudyGrid {
  study: StudyDefinition;
  firstSeed: number;
  seeds: number;
}

const MAX_SEED = 0xffffffff;
const MAX_CELLS = 100_000;

/** Every cell, seed by seed, so that a run that is not done shows a whole figure of fewer seeds. */
export function listCells({ study, firstSeed, seeds }: StudyGrid): StudyCellKey[] {
  const keys: StudyCellKey[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    for (const pointIndex of study.points.keys()) {
      for (const method of study.methods) keys.push({ pointIndex, method, seed });
    }
  }
  return keys;
}

/** Short, unique within a run, safe as a file's name. */
export function cellName({ pointIndex, method, seed }: StudyCellKey): string {
  return `${pointIndex}-${method}-${seed}`;
}

/** For people: `lad-ts at N = 50 of seed 3`. */
export function describeCell(study: StudyDefinition, { pointIndex, method, seed }: StudyCellKey): string {
  const at = study.points.length > 1 ? ` at x = ${study.points[pointIndex]?.x ?? '?'}` : '';
  return `${method}${at}, seed ${seed}`;
}

export function learns(method: string): method is TrainingMethod {
  return (TRAINING_METHODS as readonly string[]).includes(method);
}

/**
 * The plan of a cell: of a method that learns, exactly that of a training of this seed. Throws `not-found` for an unknown method or preset and
 * `invalid-input` with every field of the point that is wrong.
 */
export function planCell(study: StudyDefinition, { pointIndex, method, seed }: StudyCellKey): TrainingPlan | SimulationTask {
  const point = study.points[pointIndex];
  if (!point) throw new RangeError(`Study ${study.name} has no point ${pointIndex}`);
  const { preset, episodes } = study;
  if (learns(method)) {
    return planTraining(startTrainingInput.parse({ method, preset, changes: point.changes, episodes, seed, settings: point.settings }));
  }
  const [policy] = findPolicies([method]);
  if (!policy) throw new RangeError(`Study ${study.name} has no method ${method}`);
  return { policy, environment: configureEnvironment(preset, point.changes), episodes, seed };
}

/** Throws `invalid-input` or `not-found` for a point that cannot be planned, for seeds that are none and for more cells than can be kept. */
export function checkGrid(grid: StudyGrid): void {
  const { study, firstSeed, seeds } = grid;
  const lastSeed = firstSeed + seeds - 1;
  if (lastSeed > MAX_SEED) {
    throw refuse(`Seed ${lastSeed} is too large`, `Seeds are whole numbers from 0 to ${MAX_SEED}.`, 'firstSeed');
  }
  const cells = study.points.length * study.methods.length * seeds;
  if (cells > MAX_CELLS) throw refuse(`${cells} cells are too many`, `At most ${MAX_CELLS}: choose fewer seeds.`, 'seeds');
  for (const key of listCells({ ...grid, seeds: 1 })) planCell(study, key);
}

/** `field`: of the start's input, the one that sets it right. */
function refuse(message: string, hint: string, field: string): AppError {
  return new AppError('invalid-input', message, hint, { fields: [{ field, message: `${message}. ${hint}` }] });
}
