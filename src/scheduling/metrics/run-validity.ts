// Whether a run may be in a comparison, and what a reader of its figures has to know. All in sentences for the user; every one of them
// is in docs/validity.md with its limit and where that comes from.
import { assertNever } from '../../shared/errors.js';
import type { NodeTiming, RunMetrics, RunState, RunValidity, MeasuredTask, TaskState } from '../../shared/run.js';
import { formatShare, describeMachineShare, MACHINE_SHARE_LIMIT } from './machine-share.js';
import { describeMixedPowerModes, type NodeConditions } from './node-conditions.js';
import { checkNodeSpeeds } from './node-speeds.js';

interface RunToAssess {
  state: RunState;
  timeScale: number;
  axis: 'run' | 'nodes';
  nodesSnapshot: readonly (NodeTiming & Omit<NodeConditions, 'id'>)[];
  /** Found while it ran, or at its end. */
  invalidReasons: readonly string[];
}

/** What was measured of it. */
export interface RunEvidence {
  counts: Record<TaskState, number> & { resent: number };
  metrics: Pick<RunMetrics, 'machine' | 'efficiencyProblem'>;
  tasks: readonly MeasuredTask[];
}

function stateReason(state: RunState): string | null {
  switch (state) {
    case 'queued':
    case 'running':
    case 'paused':
    case 'stopping':
      return 'The run has not finished.';
    case 'stopped':
      return 'The run was stopped before its end.';
    case 'failed':
      return 'The run failed.';
    case 'succeeded':
      return null;
    default:
      return assertNever(state);
  }
}

const ENDED: readonly RunState[] = ['stopped', 'failed', 'succeeded'];

/**
 * A run is valid when it finished, all its tasks succeeded, its nodes ran the same software in one power mode and at the speed on record,
 * and what the machine and repeated sendings added to its delays is small.
 */
export function assessRun(run: RunToAssess, evidence: RunEvidence): RunValidity {
  const reasons: string[] = [];
  const limitations: string[] = [];
  const { counts } = evidence;
  const state = stateReason(run.state);
  if (state !== null) reasons.push(state);
  const total = counts.pending + counts.sent + counts.succeeded + counts.failed + counts.cancelled;
  if (counts.failed > 0) reasons.push(`${counts.failed} of ${total} tasks failed.`);
  if (counts.cancelled > 0) reasons.push(`${counts.cancelled} of ${total} tasks were canceled.`);
  const versions = [...new Set(run.nodesSnapshot.map((node) => node.agentVersion ?? 'unknown'))];
  if (versions.length > 1) reasons.push(`The nodes ran different agent versions: ${versions.join(', ')}.`);
  const mixed = describeMixedPowerModes(run.nodesSnapshot);
  if (mixed !== null) reasons.push(mixed);
  // While it is in progress these change with every result; the live warnings report them.
  if (ENDED.includes(run.state)) checkDelays(run, evidence, { reasons, limitations });
  for (const reason of run.invalidReasons) if (!reasons.includes(reason)) reasons.push(reason);
  return { isValid: reasons.length === 0, reasons, limitations };
}

function checkDelays(run: RunToAssess, { counts, metrics, tasks }: RunEvidence, into: Pick<RunValidity, 'reasons' | 'limitations'>): void {
  const shares = describeMachineShare(metrics.machine, run.timeScale);
  // Once, after the last: at real time there is no lower scale to take.
  const remedy = run.timeScale === 1 ? '' : ' Run it again on a testbed with a lower time scale.';
  into.reasons.push(...shares.map((sentence, index) => (index === shares.length - 1 ? `${sentence}${remedy}` : sentence)));
  const speeds = checkNodeSpeeds(run.nodesSnapshot, tasks);
  into.reasons.push(...speeds.reasons);
  into.limitations.push(...speeds.limitations);
  const resent = describeResent(counts, tasks);
  if (resent !== null) into[resent.share > MACHINE_SHARE_LIMIT ? 'reasons' : 'limitations'].push(resent.sentence);
  if (metrics.efficiencyProblem !== null) into.limitations.push(metrics.efficiencyProblem);
  if (metrics.machine.hostDelayMs === null && counts.succeeded > 0) {
    into.limitations.push('How late this machine was during the run was not recorded.');
  }
  if (run.axis === 'nodes') {
    into.limitations.push("The instants of its computations are on each node's own axis, as an earlier version recorded them.");
  }
}

function describeResent(
  counts: Record<TaskState, number> & { resent: number },
  tasks: readonly MeasuredTask[],
): { share: number; sentence: string } | null {
  if (counts.resent === 0) return null;
  const delays = tasks.flatMap((task) => task.delays ?? []);
  const serviceMs = delays.reduce((sum, delay) => sum + delay.serviceMs, 0);
  const share = serviceMs > 0 ? delays.reduce((sum, delay) => sum + delay.resendMs, 0) / serviceMs : 0;
  const lost = `what was lost by it is ${formatShare(share)} of the mean service delay`;
  const limit = share > MACHINE_SHARE_LIMIT ? ` (limit ${formatShare(MACHINE_SHARE_LIMIT)})` : '';
  const many = counts.resent === 1 ? '1 task was' : `${counts.resent} tasks were`;
  return { share, sentence: `${many} re-sent; ${lost}${limit}.` };
}
