// What the runs of a series make of its cells. Pure.
import type { RunState, RunSummary } from '../../../shared/run.js';
import { nameSeriesBlock, type SeriesCell, type SeriesSpec, type SeriesSummary } from '../../../shared/series.js';
import type { SeriesCellKey } from '../../../shared/series-cell.js';

/** What of a run matters to its cell. */
export type CellRun = Pick<RunSummary, 'id' | 'state' | 'validity' | 'series' | 'createdAtMs'>;

export interface CellRules extends Pick<SeriesSpec, 'keepInvalid' | 'maxTries'> {
  /** Only runs from then on count as tries, epoch ms: a person who resumes a series that failed gives every cell its tries again. */
  triesSinceMs: number;
}

const OPEN_STATES: readonly RunState[] = ['queued', 'running', 'paused', 'stopping'];

export function isOpenRun({ state }: Pick<CellRun, 'state'>): boolean {
  return OPEN_STATES.includes(state);
}

/** In the given order. `runs`: of the whole series, oldest first. */
export function describeCells(keys: readonly SeriesCellKey[], runs: readonly CellRun[], rules: CellRules): SeriesCell[] {
  const runsByCell = Map.groupBy(runs, ({ series }) => (series ? nameCell(series) : ''));
  return keys.map((key, position) => ({ ...key, position, ...standingOf(runsByCell.get(nameCell(key)) ?? [], rules) }));
}

function standingOf(runs: readonly CellRun[], rules: CellRules): Pick<SeriesCell, 'state' | 'runId' | 'tries' | 'reasons'> {
  const { keepInvalid, maxTries, triesSinceMs } = rules;
  const last = runs.at(-1);
  const tries = runs.length;
  if (!last) return { state: 'waiting', runId: null, tries, reasons: [] };
  const standing = (run: CellRun, state: SeriesCell['state']): ReturnType<typeof standingOf> => {
    return { state, runId: run.id, tries, reasons: run.validity.reasons };
  };
  if (isOpenRun(last)) return { ...standing(last, 'running'), reasons: [] };
  const succeeded = runs.filter(({ state }) => state === 'succeeded');
  const valid = succeeded.findLast(({ validity }) => validity.isValid);
  if (valid) return standing(valid, 'valid');
  const invalid = succeeded.at(-1);
  if (invalid && keepInvalid) return standing(invalid, 'invalid');
  if (runs.filter(({ createdAtMs }) => createdAtMs >= triesSinceMs).length < maxTries) return standing(last, 'waiting');
  return invalid ? standing(invalid, 'invalid') : standing(last, 'failed');
}

export function countCells(cells: readonly Pick<SeriesCell, 'state'>[]): SeriesSummary['counts'] {
  const counts = { total: cells.length, valid: 0, invalid: 0, failed: 0, running: 0, waiting: 0 };
  for (const { state } of cells) counts[state] += 1;
  return counts;
}

/** The cells that no run was started for yet, of blocks of which none was: what may be moved or cut. */
export function waitingBlocks(cells: readonly SeriesCell[]): Map<string, SeriesCell[]> {
  const blocks = Map.groupBy(cells, nameSeriesBlock);
  for (const [name, block] of blocks) if (block.some(({ tries }) => tries > 0)) blocks.delete(name);
  return blocks;
}

function nameCell({ condition, scheduler, repetition }: SeriesCellKey): string {
  return `${condition} ${scheduler} ${repetition}`;
}
