// Whether a run may stand in a comparison. The reasons are sentences for the user.
import type { RunState, TaskState } from '../../shared/run.js';
import { assertNever } from '../../shared/errors.js';
import { describeMixedPowerModes, type NodeConditions } from './node-conditions.js';

interface RunToJudge {
  state: RunState;
  nodesSnapshot: readonly Omit<NodeConditions, 'id'>[];
  /** Found while it ran. */
  invalidReasons: readonly string[];
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

/** A run is valid when it finished, all its tasks succeeded, and its nodes ran the same software in one power mode. */
export function judgeRun(run: RunToJudge, counts: Record<TaskState, number>): { isValid: boolean; reasons: string[] } {
  const reasons: string[] = [];
  const state = stateReason(run.state);
  if (state !== null) reasons.push(state);
  const total = counts.pending + counts.sent + counts.succeeded + counts.failed + counts.cancelled;
  if (counts.failed > 0) reasons.push(`${counts.failed} of ${total} tasks failed.`);
  if (counts.cancelled > 0) reasons.push(`${counts.cancelled} of ${total} tasks were cancelled.`);
  const versions = [...new Set(run.nodesSnapshot.map((node) => node.agentVersion ?? 'unknown'))];
  if (versions.length > 1) reasons.push(`The nodes ran different agent versions: ${versions.join(', ')}.`);
  const mixed = describeMixedPowerModes(run.nodesSnapshot);
  if (mixed !== null) reasons.push(mixed);
  for (const reason of run.invalidReasons) if (!reasons.includes(reason)) reasons.push(reason);
  return { isValid: reasons.length === 0, reasons };
}
