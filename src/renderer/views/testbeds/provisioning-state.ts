import type { AppErrorShape } from '../../../shared/errors.js';
import { formatDuration } from '../../../shared/format.js';
import { isOpenState } from '../../../shared/job.js';
import { failureOf, type HostKeyQuestion, type NodeProvision, type ProvisioningRun, type StepState } from '../../../shared/provisioning.js';

const ENDED: readonly StepState[] = ['changed', 'unchanged', 'failed', 'skipped', 'cancelled'];

/** Steps that have ended, whatever their outcome, of all steps of all nodes. */
export function countSteps(run: ProvisioningRun): { done: number; total: number } {
  const steps = run.nodes.flatMap((node) => node.steps);
  return { done: steps.filter((step) => ENDED.includes(step.state)).length, total: steps.length };
}

/** Nodes that must have ended before the pace of them says anything. */
const MIN_ENDED = 3;

/** `about 4 min left`, from the pace so far; null before that can be said. */
export function describeTimeLeft({ nodes, startedAtMs }: Pick<ProvisioningRun, 'nodes' | 'startedAtMs'>, nowMs: number): string | null {
  const ended = nodes.filter(({ state }) => !isOpenState(state)).length;
  if (ended < MIN_ENDED || ended === nodes.length) return null;
  return `about ${formatDuration(((nowMs - startedAtMs) / ended) * (nodes.length - ended))} left`;
}

export function listFailedNodes(run: ProvisioningRun): NodeProvision[] {
  return run.nodes.filter((node) => node.state === 'failed');
}

/** Host keys that wait for the user, changed ones first: those are the ones to look at. */
export function listHostKeyQuestions(run: ProvisioningRun): HostKeyQuestion[] {
  return run.nodes
    .flatMap((node) => (node.hostKeyQuestion ? [node.hostKeyQuestion] : []))
    .sort((left, right) => Number(left.recordedFingerprint === null) - Number(right.recordedFingerprint === null));
}

/** Why each node failed, from the newest provisioning that it was part of. */
export function failuresByNode(runs: readonly ProvisioningRun[]): Map<string, AppErrorShape> {
  const newest = new Map<string, NodeProvision>();
  for (const node of newestFirst(runs).flatMap(({ nodes }) => nodes)) if (!newest.has(node.nodeId)) newest.set(node.nodeId, node);
  return new Map(
    [...newest].flatMap(([nodeId, node]) => {
      const failure = failureOf(node);
      return failure ? [[nodeId, failure] as const] : [];
    }),
  );
}

export function newestFirst(runs: readonly ProvisioningRun[]): ProvisioningRun[] {
  return [...runs].sort((left, right) => right.startedAtMs - left.startedAtMs);
}
