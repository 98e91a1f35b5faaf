// Studies in words and columns.
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatInterval } from '../../../shared/format.js';
import { meanInterval } from '../../../shared/mean-interval.js';
import type { StudyCell, StudyDefinition, StudyEstimate, StudyFigure, StudyRun } from '../../../shared/study.js';
import { toCsv } from '../../foundation/csv-text.js';
import { formatTable } from './terminal.js';

export function listStudies(studies: readonly StudyDefinition[]): string {
  const rows = studies.map(({ name, figure, title, points, methods, episodes }) => [
    name,
    figure ?? '-',
    title,
    String(points.length),
    methods.join(', '),
    String(episodes),
  ]);
  return formatTable(['name', 'paper', 'title', 'points', 'methods', 'episodes'], rows);
}

export function listStudyRuns(runs: readonly StudyRun[]): string {
  const rows = runs.map(({ id, study, firstSeed, seeds, state, doneCount, cellCount, failedCount, imported }) => [
    id,
    study.name,
    `${firstSeed} to ${firstSeed + seeds - 1}`,
    `${state}${imported ? ', imported' : ''}`,
    `${doneCount} of ${cellCount}`,
    String(failedCount),
  ]);
  return formatTable(['id', 'study', 'seeds', 'state', 'cells done', 'failed'], rows);
}

export function describeProgress({ doneCount, failedCount, cellCount, remainingSec }: StudyRun): string {
  const failed = failedCount > 0 ? `, ${failedCount} failed` : '';
  return `${doneCount} of ${cellCount} cells${failed}${remainingSec === null ? '' : `, about ${describeSec(remainingSec)} left`}`;
}

export function describeEstimate({ cellCount, cpuSec, wallSec, processes }: StudyEstimate): string {
  return `${cellCount} cells, about ${describeSec(cpuSec)} of CPU time: ${describeSec(wallSec)} with ${processes} processes`;
}

export function describeFigure(figure: StudyFigure, cells: readonly StudyCell[]): string {
  const { run, failedCells, programVersions, command } = figure;
  const { study } = run;
  const head = [
    `${study.figure ?? study.name}: ${cleanLine(study.title)}`,
    cleanLine(study.question),
    `Run ${run.id}: ${run.state}, ${describeProgress(run)}; preset ${study.preset}, ${study.episodes} episodes, seeds ${run.firstSeed} to ${run.firstSeed + run.seeds - 1}`,
  ];
  const failures = failedCells.map(({ pointIndex, method, seed, error }) => {
    const at = study.points.length > 1 ? ` at ${study.points[pointIndex]?.x ?? '?'}` : '';
    return `Failed: ${method}${at}, seed ${seed}: ${cleanLine(error.message)}`;
  });
  const foot = [
    ...failures,
    `± is the 95 % interval over seeds${figure.paper.length > 0 ? '; [ ] is the value that the paper prints' : ''}.`,
    ...(programVersions.length > 1 ? [`Computed by different versions of the program: ${programVersions.join(', ')}.`] : []),
    ...(study.paperSeeds !== null && run.seeds < study.paperSeeds ? [`The paper averages over ${study.paperSeeds} experiments.`] : []),
    `Again: ${command}`,
  ];
  const tables = study.kind === 'curves' ? [tableOfCurves(figure, cells)] : tablesOfSweep(figure);
  return [...head, '', ...tables.flatMap((table) => [table, '']), ...foot].join('\n');
}

/** One row a cell. */
export function cellsAsCsv(study: StudyDefinition, cells: readonly StudyCell[]): string {
  const header = [
    ...['study', 'x', 'method', 'seed', 'mean_delay_sec', 'opt_ts_delay_sec', 'ratio_to_opt_ts'],
    ...['convergence_episode', 'cpu_sec', 'episode_cpu_sec', 'origin', 'program_version'],
  ];
  const rows = cells.map((cell) => [
    ...[
      study.name,
      study.points[cell.pointIndex]?.x ?? null,
      cell.method,
      cell.seed,
      cell.meanDelaySec,
      cell.optTsDelaySec,
      cell.ratioToOptTs,
    ],
    ...[cell.convergenceEpisode, cell.cpuSec, cell.episodeCpuSec, cell.origin, cell.programVersion],
  ]);
  return toCsv(header, rows);
}

function tablesOfSweep(figure: StudyFigure): string[] {
  const { study } = figure.run;
  if (study.measure === 'cpu-time') return [`CPU time of an episode (s)\n${matrix(figure, 'episodeCpuSec', 3)}`];
  return [
    `Mean service delay (s)\n${matrix(figure, 'delaySec', 2)}`,
    `Ratio to Opt-TS on the same arrivals\n${matrix(figure, 'ratioToOptTs', 3)}`,
  ];
}

/** Points down, methods across. */
function matrix(
  { run: { study }, series, paper }: StudyFigure,
  field: 'delaySec' | 'ratioToOptTs' | 'episodeCpuSec',
  digits: number,
): string {
  const rows = study.points.map(({ x }) => [
    String(x),
    ...series.map(({ method, points }) => {
      const printed = field === 'delaySec' ? paper.find((value) => value.method === method && value.x === x) : undefined;
      const measured = formatInterval(points.find((point) => point.x === x)?.[field] ?? null, digits);
      return printed ? `${measured} [${printed.delaySec.toFixed(2)}]` : measured;
    }),
  ]);
  return formatTable([study.axisLabel, ...series.map(({ method }) => method)], rows);
}

function tableOfCurves({ run: { study }, series, paper }: StudyFigure, cells: readonly StudyCell[]): string {
  const rows = series.map(({ method, convergence }) => {
    const own = cells.filter((cell) => cell.method === method);
    const printed = paper.find((value) => value.method === method);
    const delay = formatInterval(meanInterval(own.map((cell) => cell.meanDelaySec)), 2);
    const settled = convergence
      ? `${convergence.meanEpisode?.toFixed(0) ?? '-'} (${convergence.settledSeeds} of ${convergence.seeds} seeds)`
      : '-';
    return [
      method,
      printed ? `${delay} [${printed.delaySec}]` : delay,
      formatInterval(meanInterval(own.map((cell) => cell.ratioToOptTs)), 3),
      settled,
    ];
  });
  return formatTable(['method', `mean of the last ${study.lastEpisodes} episodes (s)`, 'ratio to Opt-TS', 'settled from episode'], rows);
}

function describeSec(sec: number): string {
  if (sec < 120) return `${Math.ceil(sec)} s`;
  const minutes = Math.ceil(sec / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
