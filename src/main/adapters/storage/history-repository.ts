// One list of everything that ran: filtered, sorted and cut to a page by SQLite.
import { z } from 'zod';
import type { HistoryEntry, HistoryItem, HistorySort } from '../../../shared/history.js';
import type { HistoryKey } from '../../../shared/history-keys.js';
import { minSampleFor } from '../../../shared/percentiles.js';
import type { QueryTerm } from '../../../shared/query/query.js';
import { column, Columns, flag, json, optional, type RawRow, type SqlValue } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { conditionOf, IS_IMPORTED } from './history-conditions.js';
import { COUNT_OF_ALL, HISTORY, historyTables, SCHEDULERS } from './history-sql.js';

/** How a scheduler is named, by its JSON. */
export interface NamedScheduler {
  json: string;
  /** As queries name it; several with spaces between. */
  names: string;
  title: string;
}

/** What is asked of the list; times are wall clock, epoch ms. */
export interface HistoryQuestion {
  terms: readonly QueryTerm[];
  sort: HistorySort;
  isDescending: boolean;
  offset: number;
  limit: number;
  inBin: boolean;
  schedulers: readonly NamedScheduler[];
  /** A LIKE pattern of the bases of figures that count. */
  figuresBasis: string;
  nowMs: number;
}

const ORDERS: Readonly<Record<HistorySort, string>> = {
  // As the list says it: when it started, when it is to start, and of what has neither when it was made.
  created: 'coalesce(h.started_at_ms, (SELECT w.start_at_ms FROM planned_starts w WHERE w.id = h.id), h.created_at_ms)',
  name: 'h.name COLLATE NOCASE',
  kind: 'h.kind',
  // What needs a look first, then what is under way, then valid ones.
  result:
    "CASE WHEN h.is_valid = 1 THEN 3 WHEN h.is_valid = 0 THEN 1 WHEN h.state IN ('failed', 'stopped', 'cancelled') THEN 0 WHEN h.state = 'succeeded' THEN 4 ELSE 2 END",
  count: 'h.task_count',
  total: 'h.total_ms',
  efficiency: 'h.efficiency',
  // As the list shows it: none of too few tasks.
  p95: `CASE WHEN h.succeeded_count >= ${minSampleFor(0.95)} THEN h.p95_ms END`,
  scheduler: 'named.title COLLATE NOCASE',
  testbed: 'h.testbed_name COLLATE NOCASE',
};

const STEPS = new Columns<{ min: number; max: number }>({ min: column('min_steps'), max: column('max_steps') });

/** When it is planned for, a running program knows. */
type StoredEntry = Omit<HistoryEntry, 'result' | 'hasNote' | 'plannedStart'> & { isValid: number | null; reasons: string[] };

const ENTRY = new Columns<StoredEntry>({
  kind: column('kind'),
  id: column('id'),
  name: column('name'),
  state: column('state'),
  isValid: column('is_valid'),
  reasons: json('reasons_json', z.array(z.string())),
  isSimulated: flag('is_simulated'),
  isImported: flag('is_imported'),
  testbedName: column('testbed_name'),
  datasetName: column('dataset_name'),
  scheduler: column('title'),
  schedulerName: column('names'),
  taskCount: column('task_count'),
  seed: column('seed'),
  steps: optional(STEPS),
  totalMs: column('total_ms'),
  efficiency: column('efficiency'),
  p95Ms: column('p95_ms'),
  meanMs: column('mean_ms'),
  succeededCount: column('succeeded_count'),
  createdAtMs: column('created_at_ms'),
  startedAtMs: column('started_at_ms'),
  finishedAtMs: column('finished_at_ms'),
  seriesId: column('series_id'),
  seriesName: column('series_name'),
  tags: json('tags_json', z.array(z.string())),
  isStarred: flag('is_starred'),
  note: column('note'),
  isBest: flag('is_best'),
});

/** Where a name is not that of a column of `h`. */
const SOURCES: Readonly<Record<string, string>> = {
  is_imported: `${IS_IMPORTED} AS is_imported`,
  title: 'coalesce(named.title, h.scheduler_json) AS title',
  names: 'named.names',
  is_starred: 'coalesce(m.is_starred, 0) AS is_starred',
  note: 'm.note',
  is_best: `coalesce(h.is_valid = 1 AND h.is_simulated = 0 AND h.total_ms =
    min(CASE WHEN h.is_valid = 1 AND h.is_simulated = 0 THEN h.total_ms END) OVER (PARTITION BY h.task_count), 0) AS is_best`,
};
const INNER = ENTRY.names.filter((name) => name !== 'tags_json').map((name) => SOURCES[name] ?? `h.${name}`);
/** Read for the rows of a page alone. */
const TAGS = `(SELECT json_group_array(g.tag) FROM (SELECT tag FROM history_tags g WHERE g.kind = p.kind AND g.id = p.id ORDER BY tag) g) AS tags_json`;
const OUTER = [...ENTRY.names.map((name) => (name === 'tags_json' ? TAGS : `p.${name}`)), 'p.total'].join(', ');

/** At most so many values are offered of a key. */
const MAX_VALUES = 500;
/** `run` and `model` are keys of the gallery. */
type ValuedKey = HistoryKey | 'run' | 'model';
const VALUES: Partial<Record<ValuedKey, string>> = {
  run: 'SELECT name AS value FROM runs',
  model: 'SELECT name AS value FROM models',
  testbed: 'SELECT testbed_name AS value FROM runs UNION SELECT testbed_name FROM series',
  dataset: 'SELECT dataset_name AS value FROM runs UNION SELECT dataset_name FROM series',
  node: 'SELECT name AS value FROM run_nodes UNION SELECT node_name FROM provisioning_nodes',
  series: "SELECT spec_json ->> '$.name' AS value FROM series",
  tag: 'SELECT tag AS value FROM history_tags',
  n: "SELECT spec_json ->> '$.taskCount' AS value FROM runs",
  seed: "SELECT spec_json ->> '$.seed' AS value FROM runs",
};

type Parameters = Record<string, SqlValue>;

export class HistoryRepository {
  readonly #database: Database;
  readonly #selectSchedulers: Statement<object, { json: string | null }>;
  readonly #countAll: Statement<object, { total: number }>;
  readonly #selectUncounted: Statement<{ figuresBasis: string }, { id: string }>;
  readonly #selectKind: RawStatement<HistoryItem, [string]>;

  constructor(database: Database) {
    this.#database = database;
    this.#selectSchedulers = database.prepare(SCHEDULERS);
    this.#countAll = database.prepare(COUNT_OF_ALL);
    this.#selectUncounted = database.prepare(
      `SELECT r.id FROM runs r WHERE r.finished_at_ms IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM run_figures f WHERE f.run_id = r.id AND f.basis LIKE @figuresBasis)`,
    );
    this.#selectKind = database.prepareRaw(
      `SELECT name FROM runs WHERE @kind = 'run' AND id = @id UNION ALL SELECT subject_name FROM jobs WHERE id = @id AND kind = @kind`,
    );
  }

  /** One page, and how many match. */
  page(question: HistoryQuestion): { items: HistoryEntry[]; total: number } {
    const { sort, isDescending, offset, limit } = question;
    const { from, parameters } = this.#matching(question);
    const direction = isDescending ? 'DESC' : 'ASC';
    const rows = this.#database
      .prepareRaw<Parameters, RawRow>(
        `${HISTORY}, p AS (SELECT ${INNER.join(', ')}, count(*) OVER () AS total FROM ${from}
           ORDER BY ${ORDERS[sort]} ${direction} NULLS LAST, h.created_at_ms DESC, h.id DESC LIMIT @limit OFFSET @offset)
         SELECT ${OUTER} FROM p`,
      )
      .all({ ...parameters, limit, offset });
    const total = rows[0]?.at(-1) ?? (offset > 0 ? this.count(question) : 0);
    return { items: rows.map((row) => toEntry(ENTRY.read(row))), total: Number(total) };
  }

  count(question: Omit<HistoryQuestion, 'sort' | 'isDescending' | 'offset' | 'limit'>): number {
    const { from, parameters } = this.#matching(question);
    const count = this.#database.prepare<Parameters, { total: number }>(`${HISTORY} SELECT count(*) AS total FROM ${from}`);
    return count.get(parameters)?.total ?? 0;
  }

  /** Ids of the runs that fit, in no particular order. */
  runIds(question: Omit<HistoryQuestion, 'sort' | 'isDescending' | 'offset' | 'limit'>): string[] {
    const { from, parameters } = this.#matching(question);
    const rows = this.#database.prepareRaw<Parameters, [string]>(`${HISTORY} SELECT h.id FROM ${from} AND h.kind = 'run'`);
    return rows.all(parameters).map(([id]) => id);
  }

  /** Those outside the bin. */
  countAll(): number {
    return this.#countAll.get({})?.total ?? 0;
  }

  /** The JSON of every scheduler on record. */
  schedulers(): string[] {
    return this.#selectSchedulers.all({}).flatMap(({ json: text }) => (text === null ? [] : [text]));
  }

  /** What records have of a key, in order; none of a key without a set of values. */
  valuesOf(key: ValuedKey): string[] {
    const values = VALUES[key];
    if (values === undefined) return [];
    const rows = this.#database.prepare<object, { value: string | number }>(
      `SELECT DISTINCT value FROM (${values}) ORDER BY value LIMIT ${MAX_VALUES}`,
    );
    return rows.all({}).map(({ value }) => String(value));
  }

  /** Ended runs whose figures are not kept, or no longer count. */
  runsWithoutFigures(figuresBasis: string): string[] {
    return this.#selectUncounted.all({ figuresBasis }).map(({ id }) => id);
  }

  /** Its name; null where there is no such record. */
  nameOf({ kind, id }: HistoryItem): string | null {
    return this.#selectKind.get({ kind, id })?.[0] ?? null;
  }

  #matching({ terms, inBin, schedulers, figuresBasis, nowMs }: Omit<HistoryQuestion, 'sort' | 'isDescending' | 'offset' | 'limit'>): {
    from: string;
    parameters: Parameters;
  } {
    const named = JSON.stringify(schedulers.map(({ json: text, names, title }) => [text, names, title]));
    const parameters: Parameters = { schedulers: named, figuresBasis };
    let count = 0;
    const bind = (value: SqlValue): string => {
      const name = `p${count}`;
      count += 1;
      parameters[name] = value;
      return name;
    };
    const conditions = terms.map((term) => conditionOf(term, { bind, nowMs }));
    return { from: [historyTables(inBin), ...conditions].join('\n  AND '), parameters };
  }
}

function toEntry({ isValid, reasons, ...entry }: StoredEntry): HistoryEntry {
  return { ...entry, result: { isValid: isValid === null ? null : isValid === 1, reasons }, hasNote: entry.note !== null };
}
