// The whole path of one testbed. Pure: the same situation gives the same path.
import { commandLine } from '../../../shared/command-line.js';
import { type LabPath, PATH_STEPS, type PathStep, type PathStepName } from '../../../shared/lab-path.js';
import type { Situation, StepFinding } from './situation.js';
import { findFirstRun, findRunOf, findTableV } from './steps/measure-steps.js';
import { findDataset, findPowerMode, findPreflight, findRefined, findWeights, findWheels } from './steps/prepare-steps.js';
import { findCalibrated, findModelPushed, findProvisioned } from './steps/provision-steps.js';
import { findHostKeys, findLogin, findNodes, findTestbed } from './steps/reach-steps.js';

const FIND: Record<PathStepName, (situation: Situation) => StepFinding> = {
  testbed: findTestbed,
  nodes: findNodes,
  'host-keys': findHostKeys,
  login: findLogin,
  preflight: findPreflight,
  'power-mode': findPowerMode,
  wheels: findWheels,
  weights: findWeights,
  refined: findRefined,
  dataset: findDataset,
  provisioned: findProvisioned,
  'model-pushed': findModelPushed,
  calibrated: findCalibrated,
  'first-run': findFirstRun,
  'run-1': (situation) => findRunOf(situation, 1),
  'run-100': (situation) => findRunOf(situation, 100),
  'run-500': (situation) => findRunOf(situation, 500),
  'run-1000': (situation) => findRunOf(situation, 1000),
  'table-v': findTableV,
};

/** Steps of hardware and real weights, with why simulated nodes do without. */
const REAL_ONLY: Partial<Record<PathStepName, string>> = {
  'host-keys': 'This program starts the nodes itself and knows their keys.',
  login: 'This program starts the nodes itself.',
  preflight: 'The nodes share this computer.',
  'power-mode': 'The speed of a simulated node is a setting.',
  wheels: 'A simulated worker needs no Python.',
  weights: 'A simulated worker needs no weights.',
  refined: 'A simulated worker needs no weights.',
  'model-pushed': 'A simulated worker needs no model.',
  calibrated: 'The time of an image is a setting of a simulated node.',
};

/** Advice that is not next any more once someone has gone past it. */
const OVERTAKEN_BY: Partial<Record<PathStepName, PathStepName>> = {
  'power-mode': 'calibrated',
  wheels: 'provisioned',
  refined: 'model-pushed',
};

const ENDED = ['succeeded', 'failed', 'stopped'];

export function describePath(situation: Situation): LabPath {
  const { testbed, runs, nowMs } = situation;
  const steps = PATH_STEPS.map(({ name, phase, title }): PathStep => {
    const found = FIND[name](situation);
    const skipped = testbed?.kind === 'virtual' ? REAL_ONLY[name] : undefined;
    const { action, command } = found;
    return {
      ...{ name, phase, title, action },
      ...(skipped === undefined
        ? { state: found.state, detail: found.detail, remedy: found.remedy ?? null, asOfMs: found.asOfMs ?? null }
        : { state: 'skipped', detail: `Simulated: ${skipped}`, remedy: null, asOfMs: null }),
      command: typeof command === 'string' ? command : commandLine(command),
    };
  });
  return {
    testbed: testbed ? { id: testbed.id, name: testbed.name, isSimulated: testbed.kind === 'virtual' } : null,
    atMs: nowMs,
    steps,
    next: findNext(steps),
    hasEndedRun: runs.some(({ state }) => ENDED.includes(state)),
  };
}

function findNext(steps: readonly PathStep[]): PathStepName | null {
  const isFinished = (state: PathStep['state']): boolean => state === 'done' || state === 'skipped';
  const isOvertaken = (name: PathStepName): boolean => {
    const later = steps.find((step) => step.name === OVERTAKEN_BY[name]);
    return later !== undefined && isFinished(later.state);
  };
  return steps.find(({ name, state }) => !isFinished(state) && !isOvertaken(name))?.name ?? null;
}
