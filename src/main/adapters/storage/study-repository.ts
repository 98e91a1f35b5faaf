// What study runs are made of, and the cells of each that are done or failed. A cell is written once, in the same transaction that forgets its failure.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import type { FailedStudyCell, StudyCell, StudyCellKey, StudyRun } from '../../../shared/study.js';
import { studyDefinitionSchema } from '../../../shared/study-schema.js';
import { notInBin } from './bin.js';
import { column, Columns, json, nullableJson, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { prepareOriginOf } from './record-repository.js';

/** A study run's own part of the record, under the id of its job. */
export type StoredStudyRun = Pick<StudyRun, 'id' | 'study' | 'firstSeed' | 'seeds' | 'programVersion'>;

const RUN = new Columns<StoredStudyRun>({
  id: column('id'),
  study: json('study_json', studyDefinitionSchema),
  firstSeed: column('first_seed'),
  seeds: column('seeds'),
  programVersion: column('program_version'),
});

const OF_RUN = new Columns<{ runId: string }>({ runId: column('run_id') });
const KEY = new Columns<StudyCellKey>({ pointIndex: column('point_index'), method: column('method'), seed: column('seed') });
const KEY_NAMES = [...OF_RUN.names, ...KEY.names];

const CELL = new Columns<Omit<StudyCell, keyof StudyCellKey>>({
  meanDelaySec: column('mean_delay_sec'),
  optTsDelaySec: column('opt_ts_delay_sec'),
  ratioToOptTs: column('ratio_to_opt_ts'),
  convergenceEpisode: column('convergence_episode'),
  cpuSec: column('cpu_sec'),
  episodeCpuSec: column('episode_cpu_sec'),
  curveSec: nullableJson('curve_sec_json', z.array(z.number())),
  origin: column('origin'),
  programVersion: column('program_version'),
});

const FAILURE = new Columns<Pick<FailedStudyCell, 'error'>>({ error: json('error_json', errorShapeSchema) });
const CELL_OF_RUN = KEY.and(CELL);
const FAILURE_OF_RUN = KEY.and(FAILURE);
const ORDER = 'ORDER BY point_index, method, seed';

export class StudyRepository {
  /** Null of one that was made here. */
  readonly originOf: ReturnType<typeof prepareOriginOf>;
  private readonly insertRun: Statement<Row, never>;
  private readonly selectRuns: RawStatement<object, RawRow>;
  private readonly selectRun: RawStatement<{ id: string }, RawRow>;
  private readonly insertCell: Statement<Row, never>;
  private readonly selectCells: RawStatement<{ id: string }, RawRow>;
  private readonly countCells: Statement<{ id: string }, { done: number; failed: number }>;
  private readonly upsertFailure: Statement<Row, never>;
  private readonly deleteFailure: Statement<Row, never>;
  private readonly selectFailures: RawStatement<{ id: string }, RawRow>;

  constructor(private readonly database: Database) {
    this.originOf = prepareOriginOf(database, 'study');
    this.insertRun = database.prepare(insertSql('study_runs', RUN.names));
    this.selectRuns = database.prepareRaw(`SELECT ${RUN.list()} FROM study_runs WHERE ${notInBin("'study'", 'id')}`);
    this.selectRun = database.prepareRaw(`SELECT ${RUN.list()} FROM study_runs WHERE id = @id`);
    this.insertCell = database.prepare(insertSql('study_cells', [...KEY_NAMES, ...CELL.names]));
    this.selectCells = database.prepareRaw(`SELECT ${CELL_OF_RUN.list()} FROM study_cells WHERE run_id = @id ${ORDER}`);
    this.countCells = database.prepare(
      `SELECT (SELECT count(*) FROM study_cells WHERE run_id = @id) AS done,
       (SELECT count(*) FROM study_failures WHERE run_id = @id) AS failed`,
    );
    this.upsertFailure = database.prepare(upsertSql('study_failures', KEY_NAMES, FAILURE.names));
    this.deleteFailure = database.prepare(
      'DELETE FROM study_failures WHERE run_id = @run_id AND point_index = @point_index AND method = @method AND seed = @seed',
    );
    this.selectFailures = database.prepareRaw(`SELECT ${FAILURE_OF_RUN.list()} FROM study_failures WHERE run_id = @id ${ORDER}`);
  }

  add(run: StoredStudyRun): void {
    this.insertRun.run(RUN.toRow(run));
  }

  /** Without those in the bin. */
  list(): StoredStudyRun[] {
    return this.selectRuns.all({}).map((row) => RUN.read(row));
  }

  get(id: string): StoredStudyRun | null {
    const row = this.selectRun.get({ id });
    return row ? RUN.read(row) : null;
  }

  /** All of them or none; none of them may be there already. */
  addCells(runId: string, cells: readonly StudyCell[]): void {
    this.database.transaction(() => {
      for (const cell of cells) {
        this.deleteFailure.run(keyRow(runId, cell));
        this.insertCell.run({ ...keyRow(runId, cell), ...CELL.toRow(cell) });
      }
    });
  }

  /** By point, method and seed. */
  cells(runId: string): StudyCell[] {
    return this.selectCells.all({ id: runId }).map((row) => CELL_OF_RUN.read(row));
  }

  counts(runId: string): { done: number; failed: number } {
    return this.countCells.get({ id: runId }) ?? { done: 0, failed: 0 };
  }

  addFailure(runId: string, failure: FailedStudyCell): void {
    this.upsertFailure.run({ ...keyRow(runId, failure), ...FAILURE.toRow(failure) });
  }

  /** Forgets that a cell failed, so that it may be tried again. */
  forgetFailure(runId: string, failure: FailedStudyCell): void {
    this.deleteFailure.run(keyRow(runId, failure));
  }

  failures(runId: string): FailedStudyCell[] {
    return this.selectFailures.all({ id: runId }).map((row) => FAILURE_OF_RUN.read(row));
  }
}

function keyRow(runId: string, key: StudyCellKey): Row {
  return { ...OF_RUN.toRow({ runId }), ...KEY.toRow(key) };
}
