// What the list and the page of a study say about it in words.
import { formatCount, formatDuration, formatQuantity } from '../../../shared/format.js';
import type { StudyDefinition, StudyEstimate, StudyRun } from '../../../shared/study.js';

/** `Fig. 6(a): Number of tasks`; a study of our own has its title only. */
export function nameStudy({ figure, title }: Pick<StudyDefinition, 'figure' | 'title'>): string {
  return figure === null ? title : `${figure}: ${title}`;
}

/** `3 seeds from 1` */
export function describeSeeds({ seeds, firstSeed }: Pick<StudyRun, 'seeds' | 'firstSeed'>): string {
  return `${formatQuantity(seeds, 'seed')} from ${firstSeed}`;
}

/** `7 points × 5 methods, 60 episodes each` */
export function describeGrid({ points, methods, episodes }: Pick<StudyDefinition, 'points' | 'methods' | 'episodes'>): string {
  const parts = [...(points.length > 1 ? [formatQuantity(points.length, 'point')] : []), formatQuantity(methods.length, 'method')];
  return `${parts.join(' × ')}, ${formatQuantity(episodes, 'episode')} each`;
}

/** `20 (mean of the last 10; standard: 60)`. `standard`: what the program's own study of that name has; undefined where there is none. */
export function describeEpisodes(
  { episodes, lastEpisodes }: Pick<StudyDefinition, 'episodes' | 'lastEpisodes'>,
  standard: number | undefined,
): string {
  const remarks = [
    ...(episodes > 1 ? [`mean of ${lastEpisodes === episodes ? 'all' : `the last ${formatCount(lastEpisodes)}`}`] : []),
    ...(standard !== undefined && standard !== episodes ? [`standard: ${formatCount(standard)}`] : []),
  ];
  return `${formatCount(episodes)}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}`;
}

/** What the values of a figure are: a sentence. `hasIntervals`: whether any is of several seeds. */
export function describeFigureValues(
  { kind, episodes, lastEpisodes }: Pick<StudyDefinition, 'kind' | 'episodes' | 'lastEpisodes'>,
  hasIntervals: boolean,
): string {
  const what = hasIntervals ? 'Means over the seeds with their 95 % interval (Student’s t)' : 'Values of one seed, which has no interval';
  if (kind === 'curves') return `${what}.`;
  if (episodes === 1) return `${what}, each of one episode.`;
  if (lastEpisodes === 1) return `${what}, each of the last of ${episodes} episodes.`;
  return `${what}, each the mean of ${lastEpisodes === episodes ? `all ${episodes}` : `the last ${lastEpisodes} of ${episodes}`} episodes.`;
}

/** Cells that every seed adds. */
export function countCellsOfSeed({ points, methods }: Pick<StudyDefinition, 'points' | 'methods'>): number {
  return points.length * methods.length;
}

/** Whether cells are under way, so that figure and counts still grow. */
export function isUnderWay({ state }: Pick<StudyRun, 'state'>): boolean {
  return state === 'running' || state === 'stopping';
}

/** A failed one may have cells left, and cells that failed by something else than their own numbers. */
export function canResume({ state, doneCount, cellCount }: Pick<StudyRun, 'state' | 'doneCount' | 'cellCount'>): boolean {
  return (state === 'paused' || state === 'failed') && doneCount < cellCount;
}

/** What is left, in words; null when nothing is under way. */
export function describeLeft({ state, remainingSec }: Pick<StudyRun, 'state' | 'remainingSec'>): string | null {
  if (state === 'stopping') return 'Finishes the episodes under way';
  if (state !== 'running') return null;
  return remainingSec === null ? 'Time left is not known yet' : `About ${formatDuration(remainingSec * 1000)} left`;
}

/** `105 cells, about 15 min with 2 side by side`, and on what grounds. */
export function describeEstimate(estimate: StudyEstimate): { figure: string; basis: string } {
  const { cellCount, wallSec, processes, measuredCells } = estimate;
  const sideBySide = Math.min(processes, cellCount);
  return {
    figure: `${formatQuantity(cellCount, 'cell')}, about ${formatDuration(roundCoarsely(wallSec) * 1000)} with ${sideBySide} side by side`,
    basis:
      measuredCells > 0
        ? `By the pace of ${formatQuantity(measuredCells, 'cell')} done on this machine. Other work on it makes it longer.`
        : 'Estimated from another machine, since none was run here yet: yours may take half or twice as long.',
  };
}

/** An estimate knows no seconds of minutes and no minutes of hours. */
function roundCoarsely(sec: number): number {
  const unit = [3600, 600, 60, 10].find((each) => sec >= 6 * each) ?? 1;
  return Math.max(1, Math.round(sec / unit)) * unit;
}
