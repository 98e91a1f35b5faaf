// Series and their cells; the runs of a series are in the table of runs, each with its cell.
import { seriesSpecSchema } from '../../../shared/api/series-inputs.js';
import type { SeriesSpec, SeriesSummary } from '../../../shared/series.js';
import type { SeriesCellKey } from '../../../shared/series-cell.js';
import { column, Columns, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { prepareOriginOf } from './record-repository.js';

/** A series' own part of the record, under the id of its job. */
export type StoredSeries = Pick<SeriesSummary, 'id' | 'spec' | 'testbedName' | 'datasetName' | 'programVersion'>;

const SERIES = new Columns<StoredSeries>({
  id: column('id'),
  spec: json('spec_json', seriesSpecSchema),
  testbedName: column('testbed_name'),
  datasetName: column('dataset_name'),
  programVersion: column('program_version'),
});

const KEY = new Columns<SeriesCellKey>({
  condition: column('condition_index'),
  scheduler: column('scheduler_index'),
  repetition: column('repetition'),
});
const IS_CELL = ['series_id', ...KEY.names].map((name) => `${name} = @${name}`).join(' AND ');

export class SeriesRepository {
  /** Null of one that was made here. */
  readonly originOf: ReturnType<typeof prepareOriginOf>;
  readonly #database: Database;
  readonly #insert: Statement<Row, never>;
  readonly #selectAll: RawStatement<object, RawRow>;
  readonly #selectOne: RawStatement<{ id: string }, RawRow>;
  readonly #setSpec: Statement<{ id: string; spec_json: string }, never>;
  readonly #insertCell: Statement<Row, never>;
  readonly #selectCells: RawStatement<{ id: string }, RawRow>;
  readonly #setPosition: Statement<Row, never>;
  readonly #deleteCell: Statement<Row, never>;

  constructor(database: Database) {
    this.#database = database;
    this.originOf = prepareOriginOf(database, 'series');
    this.#insert = database.prepare(insertSql('series', SERIES.names));
    this.#selectAll = database.prepareRaw(`SELECT ${SERIES.list()} FROM series`);
    this.#selectOne = database.prepareRaw(`SELECT ${SERIES.list()} FROM series WHERE id = @id`);
    this.#setSpec = database.prepare('UPDATE series SET spec_json = @spec_json WHERE id = @id');
    this.#insertCell = database.prepare(insertSql('series_cells', ['series_id', ...KEY.names, 'position']));
    this.#selectCells = database.prepareRaw(
      `SELECT ${KEY.list()} FROM series_cells WHERE series_id = @id ORDER BY position, repetition, condition_index, scheduler_index`,
    );
    this.#setPosition = database.prepare(`UPDATE series_cells SET position = @position WHERE ${IS_CELL}`);
    this.#deleteCell = database.prepare(`DELETE FROM series_cells WHERE ${IS_CELL}`);
  }

  /** With its cells, in their order. */
  add(series: StoredSeries, cells: readonly SeriesCellKey[]): void {
    this.#database.transaction(() => {
      this.#insert.run(SERIES.toRow(series));
      cells.forEach((cell, position) => this.#insertCell.run({ ...cellRow(series.id, cell), position }));
    });
  }

  get(id: string): StoredSeries | null {
    const row = this.#selectOne.get({ id });
    return row ? SERIES.read(row) : null;
  }

  list(): StoredSeries[] {
    return this.#selectAll.all({}).map((row) => SERIES.read(row));
  }

  /** In the order of execution. */
  cells(id: string): SeriesCellKey[] {
    return this.#selectCells.all({ id }).map((row) => KEY.read(row));
  }

  /** Makes exactly these the cells, in this order: those that are new are added, those that are missing go. One transaction. */
  replaceCells(id: string, cells: readonly SeriesCellKey[], spec?: SeriesSpec): void {
    this.#database.transaction(() => {
      const known = new Map(this.cells(id).map((cell) => [nameOf(cell), cell]));
      cells.forEach((cell, position) => {
        const isKnown = known.delete(nameOf(cell));
        (isKnown ? this.#setPosition : this.#insertCell).run({ ...cellRow(id, cell), position });
      });
      for (const cell of known.values()) this.#deleteCell.run(cellRow(id, cell));
      if (spec) this.#setSpec.run({ id, spec_json: JSON.stringify(spec) });
    });
  }
}

function cellRow(seriesId: string, { condition, scheduler, repetition }: SeriesCellKey): Row {
  return { series_id: seriesId, ...KEY.toRow({ condition, scheduler, repetition }) };
}

function nameOf({ condition, scheduler, repetition }: SeriesCellKey): string {
  return `${condition} ${scheduler} ${repetition}`;
}
