// Takes one node through the steps in their order; its failure stays its own.
import { AppError, type AppErrorShape } from '../../../../shared/errors.js';
import {
  type NodeProvision,
  PROVISION_STEPS,
  type ProvisioningKind,
  type ProvisionStep,
  REMOVAL_STEPS,
} from '../../../../shared/provisioning.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { NotConnected } from '../access/connect-outcome.js';
import type { NodeSession } from './node-session.js';
import { isNotConnected, type StepOutcome } from './provision-step.js';
import { keepFactsAfter } from './steps/facts-step.js';
import { STEPS } from './steps/all-steps.js';

/** A node's progress before its first step. */
export function queuedProvision(node: { id: string; name: string }, kind: ProvisioningKind): NodeProvision {
  const names = kind === 'apply' ? PROVISION_STEPS : REMOVAL_STEPS;
  return {
    nodeId: node.id,
    nodeName: node.name,
    state: 'queued',
    steps: names.map(queuedStep),
    hostKeyQuestion: null,
    output: [],
  };
}

/** As before the failure, to continue from there: what was done stays, connecting is always done again, looking at the clock when asked. */
export function resumedProvision(failed: NodeProvision, { looksAtClock = false }: { looksAtClock?: boolean } = {}): NodeProvision {
  const isAgain = ({ name }: ProvisionStep): boolean => looksAtClock && (name === 'facts' || name === 'preflight');
  const firstOpen = failed.steps.findIndex((step) => step.state !== 'changed' && step.state !== 'unchanged');
  return {
    ...failed,
    state: 'queued',
    hostKeyQuestion: null,
    steps: failed.steps.map((step, index) => (index > 0 && index < firstOpen && !isAgain(step) ? { ...step } : queuedStep(step.name))),
    output: [...failed.output],
  };
}

export interface ProvisionNodeOptions {
  session: NodeSession;
  kind: ProvisioningKind;
  /** Gets the states of the steps as they change. */
  progress: NodeProvision;
  /** Called after each change. */
  changed: () => void;
}

/** Runs the queued steps. Never throws; closes the session. */
export async function provisionNode({ session, kind, progress, changed }: ProvisionNodeOptions): Promise<void> {
  const { log, nowMs } = session.tools;
  const stateBefore = session.node.provisionState;
  progress.state = 'running';
  // A node that is ready stays in use while it is looked at again.
  if (stateBefore !== 'ready') session.updateNode({ provisionState: 'provisioning' });
  changed();
  let areFactsKept = false;
  const keepFacts = async (): Promise<void> => {
    const wereRead = progress.steps.some(({ name, state }) => name === 'facts' && (state === 'changed' || state === 'unchanged'));
    if (!wereRead || areFactsKept) return;
    areFactsKept = true;
    await keepFactsAfter(session);
  };
  const fail = (error: AppErrorShape): void => {
    endSteps(progress.steps, error, nowMs());
    progress.state = 'failed';
    session.updateNode({ provisionState: 'failed' });
  };
  try {
    for (const step of progress.steps) {
      if (step.state !== 'queued') continue;
      // The last step changes nothing more and makes the node ready: then nothing must be left to do.
      if (step.name === 'health') await keepFacts();
      Object.assign(step, { state: 'running', startedAtMs: nowMs() });
      changed();
      const outcome = await (kind === 'apply' ? STEPS[step.name].apply(session) : undo(step.name, session, kind));
      session.signal.throwIfAborted();
      if (isNotConnected(outcome)) {
        if (outcome.kind === 'host-key-question') progress.hostKeyQuestion = outcome.question;
        fail(outcome.error.toShape());
        return;
      }
      Object.assign(step, { ...outcome, finishedAtMs: nowMs() });
      delete step.progress;
      changed();
    }
    progress.state = 'succeeded';
    if (kind !== 'apply') session.updateNode({ provisionState: 'new', agentVersion: null });
  } catch (thrown) {
    if (session.signal.aborted) {
      endSteps(progress.steps, new AppError('cancelled', 'Provisioning was canceled.').toShape(), nowMs());
      progress.state = 'cancelled';
      session.updateNode({ provisionState: stateBefore });
    } else {
      const doing = `provisioning, step ${progress.steps.find(({ state }) => state === 'running')?.name ?? 'none'}`;
      fail(describeFailure(log, thrown, { doing, nodeId: session.node.id, testbedId: session.node.testbedId }));
    }
  } finally {
    // Also after a failure, for what the steps before it changed; a node that was canceled is left alone.
    if (progress.state !== 'cancelled') await keepFacts();
    session.close();
    changed();
  }
}

/** A step of a removal; the connection is what the others use. */
async function undo(
  name: ProvisionStep['name'],
  session: NodeSession,
  kind: 'remove' | 'remove-with-models',
): Promise<StepOutcome | NotConnected> {
  if (name === 'connect') return STEPS.connect.apply(session);
  if (name === 'model' && kind === 'remove') return { state: 'unchanged', detail: 'Models stay on the node, as asked.' };
  return (await STEPS[name].remove?.(session)) ?? { state: 'unchanged', detail: 'There was nothing to remove.' };
}

/** The running step gets the error, those behind it are skipped. */
export function endSteps(steps: ProvisionStep[], error: AppErrorShape, nowMs: number): void {
  for (const step of steps) {
    delete step.progress;
    if (step.state === 'running')
      Object.assign(step, { state: error.code === 'cancelled' ? 'cancelled' : 'failed', error, finishedAtMs: nowMs });
    else if (step.state === 'queued') step.state = 'skipped';
  }
}

function queuedStep(name: ProvisionStep['name']): ProvisionStep {
  return { name, state: 'queued', detail: null, startedAtMs: null, finishedAtMs: null, error: null };
}
