// What a digital twin says, in words: the same for window, terminal and reports.
import { formatInterval, formatNumber, formatPercent, formatSeconds } from './format.js';
import type { MeanInterval } from './mean-interval.js';
import type { PredictedFigure, ReplayErrors, ReplayRow, RunPrediction, RunReplay } from './twin.js';

/** `-11.2 ± 1.3 %` */
export function formatRelative({ mean, halfWidth95 }: MeanInterval, decimals = 1): string {
  const value = formatInterval({ mean: mean * 100, halfWidth95: halfWidth95 === null ? null : halfWidth95 * 100 }, decimals);
  return `${mean > 0 ? '+' : ''}${value} %`;
}

/** `+1.2 %`: how far the twin is off; `-` where that is not known. */
export function formatError(error: number | null): string {
  if (error === null) return '-';
  return `${error > 0 ? '+' : ''}${formatPercent(error)}`;
}

export const PREDICTION_COLUMNS = ['figure', 'predicted (simulated)', 'measured', 'error of the prediction'];

export function predictionRow({ name, predictedMs, measuredMs, error, leftOut }: PredictedFigure): string[] {
  if (leftOut !== undefined) return [name, formatSeconds(null), formatSeconds(null), formatError(null)];
  return [name, formatSeconds(predictedMs), formatSeconds(measuredMs), formatError(error)];
}

/** How near the twin is task by task, in one sentence; null before there are results. */
export function describeTaskError({ taskErrorMs, taskError, sameNodeShare }: RunPrediction): string | null {
  if (taskErrorMs === null || taskError === null || sameNodeShare === null) return null;
  return (
    `Task by task the prediction is off by ${formatNumber(taskErrorMs / 1000, 1)} s on average (${formatPercent(taskError)} of the mean delay); ` +
    `${formatPercent(sameNodeShare, 0)} of the tasks are predicted on the node that executed them.`
  );
}

export const REPLAY_COLUMNS = [
  ...['node', 'tasks', 'median error', 'mean error', 'p95 of the error'],
  ...['median, with messages', 'mean, with messages', 'p95, with messages'],
];

/** All nodes first, then each. */
export function replayRows({ whole, nodes }: RunReplay): string[][] {
  return [replayRow('all', whole), ...nodes.map((node) => replayRow(node.name, node))];
}

function replayRow(name: string, { tasks, alone, withMessages }: ReplayRow): string[] {
  return [name, `${tasks}`, ...errorCells(alone), ...errorCells(withMessages)];
}

function errorCells(errors: ReplayErrors | null): string[] {
  return errors === null ? ['-', '-', '-'] : [errors.median, errors.mean, errors.p95].map((error) => formatPercent(error, 2));
}

/** What the columns are, in sentences. */
export function describeReplay({ messagesMs, leftOut }: RunReplay): string[] {
  return [
    'Simulated with the placements as recorded: each task on the node that executed it, in the order in which that node took them. Errors are of a task’s service delay.',
    `With messages: tasks taken in when they were, and brought home in the median time of their node and base station. Messages took ${formatSeconds(messagesMs)} of a task’s delay (median).`,
    ...(leftOut === 0 ? [] : [`Tasks without a result are left out: ${leftOut}.`]),
  ];
}
