// What a run's summary means in words; pure. Durations in model ms unless said otherwise.
import { describePlannedStart } from '../../../shared/planned-start.js';
import type { Status } from '../../components/status.js';
import { formatShortTime } from '../../format.js';
import { formatAbout, formatFactor, formatQuantity } from '../../../shared/format.js';
import { countNodes } from '../../../shared/node-use.js';
import { describeScheduler, type RunLive, type RunState, type RunSummary } from '../../../shared/run.js';

const ENDED: readonly RunState[] = ['stopped', 'succeeded', 'failed'];

/** True when nothing of the run can change any more. */
export function hasEnded(run: Pick<RunSummary, 'state'>): boolean {
  return ENDED.includes(run.state);
}

/** `Rack A, Flickr8k, LAD-TS, 1,000 tasks, seed 1` */
export function describeRunBriefly({
  testbedName,
  datasetName,
  spec,
  nodeUse,
}: Pick<RunSummary, 'testbedName' | 'datasetName' | 'spec' | 'nodeUse'>): string {
  return [
    nodeUse ? `${testbedName} (${countNodes(nodeUse)}${nodeUse.limited.length > 0 ? ', limited' : ''})` : testbedName,
    datasetName,
    describeScheduler(spec.scheduler).title,
    formatQuantity(spec.taskCount, 'task'),
    `seed ${spec.seed}`,
  ].join(', ');
}

/** Whether the run may be in a comparison, as tone and word; null until it has ended. */
export function describeValidity(run: RunSummary): Status | null {
  if (!hasEnded(run)) return null;
  return run.validity.isValid ? { tone: 'ok', label: 'Valid' } : { tone: 'warning', label: 'Invalid' };
}

/**
 * When a run that is in progress ends, in words; null when it has ended. What is waited for is real time: where time is scaled, the model
 * time stands behind it. `nowMs` is the time on the wall.
 */
export function describeRemaining({ run, remaining, estimatedRemainingMs }: RunLive, nowMs: number): string | null {
  if (hasEnded(run)) return null;
  if (run.state === 'paused') return 'Paused: time left is not known';
  if (run.plannedStart) return describePlannedStart(run.plannedStart, nowMs);
  if (run.state === 'queued') return 'Waits for its turn on the testbed';
  if (run.state === 'stopping') return 'Waiting for the nodes to stop';
  if (!remaining) return estimatedRemainingMs === null ? 'Time left is not known: no node answers' : 'Time left is known after 20 tasks';
  const [low, high] = [remaining.lowMs / run.timeScale, remaining.highMs / run.timeScale];
  const ends = `ends about ${formatShortTime(nowMs + (low + high) / 2, nowMs)}`;
  const scaled =
    run.timeScale === 1 ? '' : ` (${formatFactor(run.timeScale)}: ${formatRange(remaining.lowMs, remaining.highMs)} of model time)`;
  return `${formatRange(low, high)} left${scaled}, ${ends}`;
}

/** `45 min`, or `10–14 min` where both ends are not the same to the eye. */
function formatRange(lowMs: number, highMs: number): string {
  const [low, high] = [formatAbout(lowMs), formatAbout(highMs)];
  if (low === high) return low;
  const [lowParts, highParts] = [low.split(' '), high.split(' ')];
  // One unit said once: 10–14 min.
  if (lowParts.length === 2 && highParts.length === 2 && lowParts[1] === highParts[1])
    return `${lowParts[0]}–${highParts[0]} ${highParts[1]}`;
  return `${low} to ${high}`;
}

/** Results per minute of real time so far; null before the first. */
export function imagesPerMinute({ run, elapsedMs }: Pick<RunLive, 'run' | 'elapsedMs'>): number | null {
  return run.counts.succeeded === 0 || elapsedMs <= 0 ? null : (run.counts.succeeded / (elapsedMs / run.timeScale)) * 60_000;
}

/** Lower bound over the total that is expected now, 0..1; null while that is not known. */
export function expectedEfficiency({ run, elapsedMs, remaining }: Pick<RunLive, 'run' | 'elapsedMs' | 'remaining'>): number | null {
  const { lowerBoundMs } = run.metrics;
  if (lowerBoundMs === null || !remaining || elapsedMs <= 0) return null;
  return Math.min(1, lowerBoundMs / (elapsedMs + (remaining.lowMs + remaining.highMs) / 2));
}

/** Tasks that have reached an end, good or bad. */
export function countEnded({ counts }: Pick<RunSummary, 'counts'>): number {
  return counts.succeeded + counts.failed + counts.cancelled;
}

/** How many computations run on the nodes now. */
export function countRunning(live: RunLive): number {
  // While it waits for its turn, the nodes compute another run's tasks.
  if (live.run.state === 'queued') return 0;
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
  if (live.run.state === 'queued') return [`${formatQuantity(open, 'task')} will be canceled`];
  switch (command) {
    case 'pause':
      return [
        `${formatQuantity(running, 'running computation')} will end`,
        `${formatQuantity(waiting, 'waiting task')} will be held`,
        'Then the run is paused, and its clock with it: it stays valid when it continues later',
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
