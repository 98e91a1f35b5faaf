// Takes one node through the steps in their order; its failure stays its own.
import { AppError, toErrorShape } from '../../shared/errors.js';
import { type NodeProvision, PROVISION_STEPS, type ProvisionStep } from '../../shared/provisioning.js';
import type { NodeSession } from './node-session.js';
import { keepFactsAfter } from './steps/facts-step.js';
import { STEPS } from './steps/all-steps.js';

/** A node's progress before its first step. */
export function queuedProvision(node: { id: string; name: string }): NodeProvision {
  return {
    nodeId: node.id,
    nodeName: node.name,
    state: 'queued',
    steps: PROVISION_STEPS.map(queuedStep),
    hostKeyQuestion: null,
    output: [],
  };
}

/** As before the failure, to go on from there: what was done stays, connecting is always done anew. */
export function resumedProvision(failed: NodeProvision): NodeProvision {
  const firstOpen = failed.steps.findIndex((step) => step.state !== 'changed' && step.state !== 'unchanged');
  return {
    ...failed,
    state: 'queued',
    hostKeyQuestion: null,
    steps: failed.steps.map((step, index) => (index > 0 && index < firstOpen ? { ...step } : queuedStep(step.name))),
    output: [...failed.output],
  };
}

/** Runs the queued steps and writes their states into `progress`, calling `changed` after each. Never throws; closes the session. */
export async function provisionNode(session: NodeSession, progress: NodeProvision, changed: () => void): Promise<void> {
  const { nowMs } = session.tools;
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
  try {
    for (const step of progress.steps) {
      if (step.state !== 'queued') continue;
      // The last step changes nothing more and makes the node ready: then nothing must be left to do.
      if (step.name === 'health') await keepFacts();
      Object.assign(step, { state: 'running', startedAtMs: nowMs() });
      changed();
      const outcome = await STEPS[step.name].apply(session);
      session.signal.throwIfAborted();
      Object.assign(step, { ...outcome, finishedAtMs: nowMs() });
      changed();
    }
    progress.state = 'succeeded';
  } catch (thrown) {
    const isCancelled = session.signal.aborted;
    endSteps(progress.steps, isCancelled ? new AppError('cancelled', 'Provisioning was cancelled.') : thrown, nowMs());
    progress.state = isCancelled ? 'cancelled' : 'failed';
    session.updateNode({ provisionState: isCancelled ? stateBefore : 'failed' });
  } finally {
    // Also after a failure, for what the steps before it changed; a node that was cancelled is left alone.
    if (progress.state !== 'cancelled') await keepFacts();
    session.close();
    changed();
  }
}

/** The running step gets the error, those behind it are skipped. */
export function endSteps(steps: ProvisionStep[], thrown: unknown, nowMs: number): void {
  const error = toErrorShape(thrown);
  for (const step of steps) {
    if (step.state === 'running')
      Object.assign(step, { state: error.code === 'cancelled' ? 'cancelled' : 'failed', error, finishedAtMs: nowMs });
    else if (step.state === 'queued') step.state = 'skipped';
  }
}

function queuedStep(name: ProvisionStep['name']): ProvisionStep {
  return { name, state: 'queued', detail: null, startedAtMs: null, finishedAtMs: null, error: null };
}
