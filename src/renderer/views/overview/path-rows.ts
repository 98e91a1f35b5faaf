// The path as the checklist draws it: phases of steps, those that simulated nodes do without drawn together.
import { type LabPath, nameStepState, PATH_PHASE_TITLES, type PathPhase, type PathStep } from '../../../shared/lab-path.js';
import type { Status } from '../../components/status.js';

export interface PathPhaseRows {
  phase: PathPhase;
  title: string;
  steps: PathStep[];
  skipped: PathStep[];
}

export function groupSteps(steps: readonly PathStep[]): PathPhaseRows[] {
  return [...Map.groupBy(steps, ({ phase }) => phase)].map(([phase, group]) => ({
    phase,
    title: PATH_PHASE_TITLES[phase],
    steps: group.filter(({ state }) => state !== 'skipped'),
    skipped: group.filter(({ state }) => state === 'skipped'),
  }));
}

const TONES = { done: 'ok', running: 'busy', blocked: 'danger', open: 'idle', unseen: 'idle', skipped: 'stopped' } as const;

export function statusOf({ state, name }: Pick<PathStep, 'state' | 'name'>, next: LabPath['next']): Status {
  return { tone: TONES[state], label: nameStepState(state, name === next) };
}
