// A series in words and figures for the window. Pure.
import type { Status } from '../../components/status.js';
import { JOB_STATUS, JOB_TONES, statusOfPlannedStart } from '../../components/status.js';
import { formatCount, formatDuration, formatQuantity } from '../../../shared/format.js';
import { describePlannedStart } from '../../../shared/planned-start.js';
import { isOpenState } from '../../../shared/job.js';
import {
  nameSeriesScheduler,
  type SeriesCellState,
  type SeriesCondition,
  type SeriesSpec,
  type SeriesSummary,
} from '../../../shared/series.js';
import { wordForArrivals, wordForSteps } from '../../../shared/run-command-line.js';
import { formatClock } from './format-clock.js';

/** Of the panel that lists the cells without a valid run with their reasons. */
export const BAD_CELLS_ID = 'cells-without-a-valid-run';

/** Every state of a cell as a shape and a word. */
export const CELL_STATUS: Record<SeriesCellState, Status> = {
  waiting: { tone: 'idle', label: 'Waiting' },
  running: { tone: 'busy', label: 'Running' },
  valid: { tone: 'ok', label: 'Valid' },
  invalid: { tone: 'warning', label: 'Invalid' },
  failed: { tone: 'danger', label: 'No run' },
};

/** Cells that are done with and have no valid run. */
export function countBad({ counts }: Pick<SeriesSummary, 'counts'>): number {
  return counts.invalid + counts.failed;
}

/** Of the bar that shows how far a series is: one that succeeded with cells that count in no figure is not simply good. */
export function toneOfProgress(series: Pick<SeriesSummary, 'state' | 'counts'>): (typeof JOB_TONES)[SeriesSummary['state']] {
  return series.state === 'succeeded' && countBad(series) > 0 ? 'warning' : JOB_TONES[series.state];
}

export function statusOf(series: Pick<SeriesSummary, 'state' | 'waitsBehind' | 'plannedStart' | 'counts'>): Status {
  const { state, waitsBehind, plannedStart } = series;
  if (plannedStart) return statusOfPlannedStart(plannedStart);
  if (waitsBehind && state === 'queued') return { tone: 'idle', label: 'Waiting' };
  const bad = countBad(series);
  if (state !== 'succeeded' || bad === 0) return JOB_STATUS[state];
  return { tone: 'warning', label: `${JOB_STATUS[state].label}, ${formatCount(bad)} not valid` };
}

/** Cells that are done with, good or bad. */
export function countDone({ counts }: Pick<SeriesSummary, 'counts'>): number {
  return counts.valid + counts.invalid + counts.failed;
}

/** `about 2 h 10 min left, ends about 06:20`; why it is not known where it is not; null where nothing is left. */
export function describeTimeLeft(series: SeriesSummary, nowMs: number): string | null {
  const { state, waitsBehind, remainingSec, plannedStart } = series;
  if (plannedStart) return describePlannedStart(plannedStart, nowMs);
  if (waitsBehind) return `Waits behind “${waitsBehind.name}”`;
  if (state === 'paused') return 'Paused: time left is not known';
  if (state === 'stopping') return 'Stopping';
  if (!isOpenState(state)) return null;
  if (remainingSec === null) return 'Time left is known after the first run';
  if (remainingSec < 1) return 'About to end';
  return `About ${formatDuration(remainingSec * 1000)} left, ends about ${formatClock(nowMs + remainingSec * 1000, nowMs)}`;
}

/** `|N| = 100`; with steps and arrivals where the series has several of them. */
export function nameCondition(spec: Pick<SeriesSpec, 'conditions'>, index: number): string {
  const condition = spec.conditions[index];
  if (!condition) return '?';
  const varies = (word: (each: SeriesCondition) => string): boolean => new Set(spec.conditions.map(word)).size > 1;
  const stepsOf = ({ qualitySteps }: SeriesCondition): string => wordForSteps(qualitySteps);
  const arrivalsOf = ({ arrivals }: SeriesCondition): string => wordForArrivals(arrivals);
  return [
    `|N| = ${condition.taskCount.toLocaleString('en')}`,
    ...(varies(stepsOf) ? [`${stepsOf(condition)} steps`] : []),
    ...(varies(arrivalsOf) ? [`arrivals ${arrivalsOf(condition)}`] : []),
  ].join(', ');
}

/** `Random` */
export function nameScheduler(spec: Pick<SeriesSpec, 'schedulers'>, index: number): string {
  const scheduler = spec.schedulers[index];
  return scheduler ? nameSeriesScheduler(scheduler) : '?';
}

/** `2 schedulers × 4 numbers of tasks × 5 repetitions` */
export function describePlan({ schedulers, conditions, repetitions }: SeriesSpec): string {
  return [
    formatQuantity(schedulers.length, 'scheduler'),
    formatQuantity(conditions.length, 'condition'),
    formatQuantity(repetitions, 'repetition'),
  ].join(' × ');
}

export type SeriesCommand = 'pause' | 'resume' | 'finishBlock' | 'extend' | 'cancel';

/** What can be asked of a series now; `finishBlock` needs blocks of which no run was started, and one of which some was. */
export function listSeriesCommands(series: Pick<SeriesSummary, 'state'>, waitingBlockCount: number, blockCount: number): SeriesCommand[] {
  const { state } = series;
  const isOpen = isOpenState(state);
  const commands: [SeriesCommand, boolean][] = [
    ['resume', state === 'paused' || state === 'failed'],
    ['pause', state === 'running' || state === 'queued'],
    ['finishBlock', waitingBlockCount > 0 && waitingBlockCount < blockCount && (isOpen || state === 'paused') && state !== 'stopping'],
    ['cancel', (isOpen && state !== 'stopping') || state === 'paused'],
    ['extend', state !== 'stopping'],
  ];
  return commands.flatMap(([command, can]) => (can ? [command] : []));
}

/** Why each command of a series that is not there now is not; by the words of its button. Null of those that are. */
export function describeAbsent(state: SeriesSummary['state'], there: readonly SeriesCommand[]): Record<string, string | null> {
  const isOver = !isOpenState(state) && state !== 'paused';
  const unless = (command: SeriesCommand, reason: string): string | null => (there.includes(command) ? null : reason);
  const standing = state === 'stopping' ? 'The series is stopping' : 'The series has ended';
  return {
    Pause: unless('pause', state === 'paused' ? 'The series is paused' : standing),
    Resume: unless('resume', isOver ? 'The series has ended' : 'The series is not paused'),
    'Finish this block': unless('finishBlock', isOver || state === 'stopping' ? standing : 'No block waits behind the one under way'),
    Cancel: unless('cancel', standing),
    Extend: unless('extend', standing),
    'Run again': isOver ? null : 'The series has not ended',
  };
}
