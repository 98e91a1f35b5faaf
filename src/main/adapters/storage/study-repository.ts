// What study runs are made of, and the cells of each that are done or failed. A cell is written once, in the same transaction that forgets its failure.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import type { FailedStudyCell, StudyCell, StudyCellKey, StudyDefinition, StudyRun } from '../../../shared/study.js';
import { studyDefinitionSchema } from '../../../shared/study-schema.js';
import type { Database, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

/** A study run's own part of the record, under the id of its job. */
export type StoredStudyRun = Pick<StudyRun, 'id' | 'study' | 'firstSeed' | 'seeds' | 'programVersion'>;

interface RunRow {
  id: string;
  study_json: string;
  first_seed: number;
  seeds: number;
  program_version: string;
}

interface KeyRow {
  run_id: string;
  point_index: number;
  method: string;
  seed: number;
}

interface CellRow extends KeyRow {
  mean_delay_sec: number;
  opt_ts_delay_sec: number;
  ratio_to_opt_ts: number;
  convergence_episode: number | null;
  cpu_sec: number;
  episode_cpu_sec: number;
  curve_sec_json: string | null;
  origin: StudyCell['origin'];
  program_version: string;
}

interface FailureRow extends KeyRow {
  error_json: string;
}

const curveSchema = z.array(z.number());
const KEY_COLUMNS = ['run_id', 'point_index', 'method', 'seed'] as const;
const ORDER = 'ORDER BY point_index, method, seed';

export class StudyRepository {
  private readonly insertRun: Statement<RunRow, never>;
  private readonly selectRuns: Statement<object, RunRow>;
  private readonly selectRun: Statement<{ id: string }, RunRow>;
  private readonly insertCell: Statement<CellRow, never>;
  private readonly selectCells: Statement<{ id: string }, CellRow>;
  private readonly countCells: Statement<{ id: string }, { done: number; failed: number }>;
  private readonly upsertFailure: Statement<FailureRow, never>;
  private readonly deleteFailure: Statement<KeyRow, never>;
  private readonly selectFailures: Statement<{ id: string }, FailureRow>;

  constructor(private readonly database: Database) {
    this.insertRun = database.prepare(insertSql('study_runs', ['id', 'study_json', 'first_seed', 'seeds', 'program_version']));
    this.selectRuns = database.prepare('SELECT * FROM study_runs');
    this.selectRun = database.prepare('SELECT * FROM study_runs WHERE id = @id');
    this.insertCell = database.prepare(
      insertSql('study_cells', [
        ...KEY_COLUMNS,
        'mean_delay_sec',
        'opt_ts_delay_sec',
        'ratio_to_opt_ts',
        'convergence_episode',
        'cpu_sec',
        'episode_cpu_sec',
        'curve_sec_json',
        'origin',
        'program_version',
      ]),
    );
    this.selectCells = database.prepare(`SELECT * FROM study_cells WHERE run_id = @id ${ORDER}`);
    this.countCells = database.prepare(
      `SELECT (SELECT count(*) FROM study_cells WHERE run_id = @id) AS done,
       (SELECT count(*) FROM study_failures WHERE run_id = @id) AS failed`,
    );
    this.upsertFailure = database.prepare(upsertSql('study_failures', KEY_COLUMNS, ['error_json']));
    this.deleteFailure = database.prepare(
      'DELETE FROM study_failures WHERE run_id = @run_id AND point_index = @point_index AND method = @method AND seed = @seed',
    );
    this.selectFailures = database.prepare(`SELECT * FROM study_failures WHERE run_id = @id ${ORDER}`);
  }

  add(run: StoredStudyRun): void {
    this.insertRun.run({
      id: run.id,
      study_json: JSON.stringify(run.study),
      first_seed: run.firstSeed,
      seeds: run.seeds,
      program_version: run.programVersion,
    });
  }

  list(): StoredStudyRun[] {
    return this.selectRuns.all({}).map(toRun);
  }

  get(id: string): StoredStudyRun | null {
    const row = this.selectRun.get({ id });
    return row ? toRun(row) : null;
  }

  /** All of them or none; none of them may be there already. */
  addCells(runId: string, cells: readonly StudyCell[]): void {
    this.database.transaction(() => {
      for (const cell of cells) {
        this.deleteFailure.run(keyRow(runId, cell));
        this.insertCell.run({
          ...keyRow(runId, cell),
          mean_delay_sec: cell.meanDelaySec,
          opt_ts_delay_sec: cell.optTsDelaySec,
          ratio_to_opt_ts: cell.ratioToOptTs,
          convergence_episode: cell.convergenceEpisode,
          cpu_sec: cell.cpuSec,
          episode_cpu_sec: cell.episodeCpuSec,
          curve_sec_json: cell.curveSec === null ? null : JSON.stringify(cell.curveSec),
          origin: cell.origin,
          program_version: cell.programVersion,
        });
      }
    });
  }

  /** By point, method and seed. */
  cells(runId: string): StudyCell[] {
    return this.selectCells.all({ id: runId }).map((row) => ({
      ...toKey(row),
      meanDelaySec: row.mean_delay_sec,
      optTsDelaySec: row.opt_ts_delay_sec,
      ratioToOptTs: row.ratio_to_opt_ts,
      convergenceEpisode: row.convergence_episode,
      cpuSec: row.cpu_sec,
      episodeCpuSec: row.episode_cpu_sec,
      curveSec: row.curve_sec_json === null ? null : curveSchema.parse(JSON.parse(row.curve_sec_json)),
      origin: row.origin,
      programVersion: row.program_version,
    }));
  }

  counts(runId: string): { done: number; failed: number } {
    return this.countCells.get({ id: runId }) ?? { done: 0, failed: 0 };
  }

  addFailure(runId: string, failure: FailedStudyCell): void {
    this.upsertFailure.run({ ...keyRow(runId, failure), error_json: JSON.stringify(failure.error) });
  }

  /** Forgets that a cell failed, so that it may be tried again. */
  forgetFailure(runId: string, failure: FailedStudyCell): void {
    this.deleteFailure.run(keyRow(runId, failure));
  }

  failures(runId: string): FailedStudyCell[] {
    return this.selectFailures
      .all({ id: runId })
      .map((row) => ({ ...toKey(row), error: errorShapeSchema.parse(JSON.parse(row.error_json)) }));
  }
}

function keyRow(runId: string, { pointIndex, method, seed }: StudyCellKey): KeyRow {
  return { run_id: runId, point_index: pointIndex, method, seed };
}

function toKey(row: KeyRow): StudyCellKey {
  return { pointIndex: row.point_index, method: row.method, seed: row.seed };
}

function toRun(row: RunRow): StoredStudyRun {
  const study: StudyDefinition = studyDefinitionSchema.parse(JSON.parse(row.study_json));
  return {
    id: row.id,
    study,
    firstSeed: row.first_seed,
    seeds: row.seeds,
    programVersion: row.program_version,
  };
}
