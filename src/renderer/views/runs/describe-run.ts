// What a run's summary means in words; pure. Durations in model ms unless said otherwise.
import type { Status } from '../../components/status.js';
import { formatDuration, formatQuantity } from '../../../shared/format.js';
import type { RunLive, RunState, RunSummary } from '../../../shared/run.js';

const ENDED: readonly RunState[] = ['stopped', 'succeeded', 'failed'];

/** True when nothing of the run can change any more. */
export function hasEnded(run: Pick<RunSummary, 'state'>): boolean {
  return ENDED.includes(run.state);
}

/** Whether the run may be in a comparison, as tone and word; null until it has ended. */
export function describeValidity(run: RunSummary): Status | null {
  if (!hasEnded(run)) return null;
  return run.validity.isValid ? { tone: 'ok', label: 'Valid' } : { tone: 'warning', label: 'Invalid' };
}

/** Address query of the comparison of these runs. */
export function compareQuery(runs: readonly Pick<RunSummary, 'id'>[]): Record<string, string> {
  return { runs: runs.map(({ id }) => id).join(',') };
}

/** What goes when a run is removed, one a line. */
export function listRemovalFacts(run: RunSummary): string[] {
  return [
    `${formatQuantity(run.counts.total, 'task')} and their measured delays are deleted`,
    run.counts.succeeded > 0
      ? `${formatQuantity(run.counts.succeeded, 'image')} are deleted unless another run has the same`
      : 'It has no images',
    'It leaves every comparison',
  ];
}

/** What is left of a run that is in progress, in words, with the real time beside it where time is scaled; null when it has ended. */
export function describeRemaining({ run, estimatedRemainingMs }: RunLive): string | null {
  if (hasEnded(run)) return null;
  if (run.state === 'paused') return 'Paused: time left is not known';
  if (run.state === 'queued') return 'Waits for its turn on the testbed';
  if (run.state === 'stopping') return 'Waiting for the nodes to stop';
  if (estimatedRemainingMs === null) return 'Time left is not known yet';
  const model = formatDuration(estimatedRemainingMs);
  if (run.timeScale === 1) return `About ${model} left`;
  return `About ${model} of model time left, ${formatDuration(estimatedRemainingMs / run.timeScale)} real`;
}

/** Tasks that have reached an end, good or bad. */
export function countEnded({ counts }: Pick<RunSummary, 'counts'>): number {
  return counts.succeeded + counts.failed + counts.cancelled;
}

/** How many computations run on the nodes now. */
export function countRunning(live: RunLive): number {
  return live.nodes.filter((node) => node.runningTaskId !== null).length;
}

export type EndingCommand = 'pause' | 'cancelRemaining' | 'stopNow';

/** Consequences of a command in figures, one a line. */
export function listCommandFacts(command: EndingCommand, live: RunLive): string[] {
  const running = countRunning(live);
  const open = live.run.counts.pending + live.run.counts.sent;
  const waiting = Math.max(0, open - running);
  const kept = `${formatQuantity(live.run.counts.succeeded, 'result')} so far ${live.run.counts.succeeded === 1 ? 'is' : 'are'} kept`;
  const invalid = 'The run becomes invalid for comparisons';
  switch (command) {
    case 'pause':
      return [
        `${formatQuantity(running, 'running computation')} will end`,
        `${formatQuantity(waiting, 'waiting task')} will be held`,
        'Then the run stands still, and its clock with it: it stays valid when it continues later',
      ];
    case 'cancelRemaining':
      return [
        `${formatQuantity(running, 'running computation')} will end and count`,
        `${formatQuantity(waiting, 'waiting task')} will be canceled`,
        kept,
        invalid,
      ];
    case 'stopNow':
      return [
        `${formatQuantity(running, 'running computation')} will be aborted`,
        `${formatQuantity(waiting, 'waiting task')} will be canceled`,
        kept,
        invalid,
      ];
  }
}
