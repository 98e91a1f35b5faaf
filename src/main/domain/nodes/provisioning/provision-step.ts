// The form of a provisioning step. A plan inspects the steps in their order, an apply applies them, a removal removes them backwards.
import { AppError } from '../../../../shared/errors.js';
import type { ProvisionStepName, StepFinding } from '../../../../shared/provisioning.js';
import type { NotConnected } from '../access/connect-outcome.js';
import type { NodeSession } from './node-session.js';

export interface StepOutcome {
  state: 'changed' | 'unchanged';
  /** What was done, or why nothing was to do. */
  detail: string;
}

export interface ProvisioningStep {
  /**
   * Looks at the node and changes nothing there, not even a folder. `session.findings` has what the steps before it found: `unknown` is the
   * verdict where only their changes will show. Throws when the node can't be asked. Only the first step finds that it is not reached at all.
   */
  inspect(session: NodeSession): Promise<StepFinding | NotConnected>;
  /**
   * Looks by itself, does what is missing, and finds nothing to do the second time. Killed anywhere and run again it ends in the same state.
   * Throws `blockedError` where `inspect` says `blocked`.
   */
  apply(session: NodeSession): Promise<StepOutcome | NotConnected>;
  /** Undoes what `apply` did, as far as it is there; null where there is nothing to undo. */
  remove: ((session: NodeSession) => Promise<StepOutcome>) | null;
}

export function isNotConnected(result: StepFinding | StepOutcome | NotConnected): result is NotConnected {
  return 'kind' in result;
}

export type Steps = Record<ProvisionStepName, ProvisioningStep>;

export function nothingToDo(why: string): StepFinding {
  return { verdict: 'nothing', why, changes: [], remedy: null };
}

/** `changes`: what would be different on the node, one line each. */
export function toChange(why: string, changes: readonly string[]): StepFinding {
  return { verdict: 'change', why, changes: [...changes], remedy: null };
}

export function blocked(why: string, remedy: string): StepFinding {
  return { verdict: 'blocked', why, changes: [], remedy };
}

export function knownLater(why: string): StepFinding {
  return { verdict: 'unknown', why, changes: [], remedy: null };
}

/** What an apply throws where a plan says `blocked`. */
export function blockedError(nodeName: string, { why, remedy }: StepFinding): AppError {
  return new AppError('unsupported', `Node "${nodeName}": ${why}`, remedy);
}
