// The path from unboxed nodes to Table V (docs/from-jetson-to-table-v.md) as steps that know where a testbed stands on it.

export const PATH_PHASES = ['reach', 'prepare', 'provision', 'measure'] as const;
export type PathPhase = (typeof PATH_PHASES)[number];

export const PATH_PHASE_TITLES: Record<PathPhase, string> = {
  reach: 'Reach the nodes',
  prepare: 'Prepare',
  provision: 'Provision and calibrate',
  measure: 'Run and compare',
};

/** The steps in their order. */
export const PATH_STEPS = [
  { name: 'testbed', phase: 'reach', title: 'Testbed' },
  { name: 'nodes', phase: 'reach', title: 'Nodes added' },
  { name: 'host-keys', phase: 'reach', title: 'Host keys trusted' },
  { name: 'login', phase: 'reach', title: 'Login works' },
  { name: 'preflight', phase: 'prepare', title: 'Preflight check' },
  { name: 'power-mode', phase: 'prepare', title: 'Power mode' },
  { name: 'wheels', phase: 'prepare', title: 'Wheels fetched' },
  { name: 'weights', phase: 'prepare', title: 'Weights and license' },
  { name: 'refined', phase: 'prepare', title: 'Model refined' },
  { name: 'dataset', phase: 'prepare', title: 'Dataset' },
  { name: 'provisioned', phase: 'provision', title: 'Nodes provisioned' },
  { name: 'model-pushed', phase: 'provision', title: 'Model pushed and verified' },
  { name: 'calibrated', phase: 'provision', title: 'Nodes calibrated' },
  { name: 'first-run', phase: 'measure', title: 'First run' },
  { name: 'run-1', phase: 'measure', title: 'Run of |N| = 1' },
  { name: 'run-100', phase: 'measure', title: 'Run of |N| = 100' },
  { name: 'run-500', phase: 'measure', title: 'Run of |N| = 500' },
  { name: 'run-1000', phase: 'measure', title: 'Run of |N| = 1,000' },
  { name: 'table-v', phase: 'measure', title: 'Table V' },
] as const satisfies readonly { name: string; phase: PathPhase; title: string }[];
export type PathStepName = (typeof PATH_STEPS)[number]['name'];

/**
 * `done`, `blocked` and `open` were looked at: it is so, it was tried and can't be done as things are, it is still to be done. `unseen` was not
 * looked at. `skipped`: simulated nodes do not need it.
 */
export type PathStepState = 'done' | 'running' | 'open' | 'blocked' | 'unseen' | 'skipped';

/** Where in the window the step is done. */
export type PathTarget =
  | { page: 'testbeds' | 'models' | 'wheels' | 'datasets' | 'jobs' }
  | { page: 'testbed'; testbedId: string; tab: 'nodes' | 'provisioning' | 'plan' | 'times' }
  | { page: 'model'; modelId: string }
  | { page: 'new-run'; testbedId: string; count: number }
  | { page: 'run'; runId: string }
  | { page: 'table-v' };

export interface PathStep {
  name: PathStepName;
  phase: PathPhase;
  title: string;
  state: PathStepState;
  /** What was found, in a sentence or two; where nothing was, what the step is for. */
  detail: string;
  /** What to do about it; null where the action says it all. */
  remedy: string | null;
  /** When the oldest thing that the step rests on was looked at, epoch ms; null where it is known now, or was not looked at. */
  asOfMs: number | null;
  action: { label: string; target: PathTarget };
  /** Does the same in a terminal: a line for a POSIX shell. */
  command: string;
}

export interface LabPath {
  /** Null while there is none. */
  testbed: { id: string; name: string; isSimulated: boolean } | null;
  /** When it was put together, epoch ms. */
  atMs: number;
  steps: PathStep[];
  /** The one to do now; null when all is done. */
  next: PathStepName | null;
  /** Whether a run on the testbed has ended, however it ended: then it is set up. */
  hasEndedRun: boolean;
}

/** What a step's state is called; `isNext`: it is the one to do now. */
export function nameStepState(state: PathStepState, isNext: boolean): string {
  switch (state) {
    case 'done':
      return 'Done';
    case 'running':
      return 'Running';
    case 'blocked':
      return 'Blocked';
    case 'skipped':
      return 'Not needed';
    case 'unseen':
      return isNext ? 'Next' : 'Not looked at';
    case 'open':
      return isNext ? 'Next' : 'To do';
  }
}

/** Finished steps and those that count. */
export function countPathSteps(steps: readonly PathStep[]): { done: number; total: number } {
  const counted = steps.filter(({ state }) => state !== 'skipped');
  return { done: counted.filter(({ state }) => state === 'done').length, total: counted.length };
}
