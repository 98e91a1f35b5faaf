// Runs, their frozen nodes and their tasks: what the run executor stands on.
import type { TaskPageInput } from '../../../shared/api/inputs.js';
import type { AttemptRecord, MeasuredTask, Page, TaskRecord, TaskState } from '../../../shared/run.js';
import type {
  AcceptedResult,
  AttemptStore,
  LoadedRun,
  NewTask,
  PlannedTask,
  RunChange,
  RunStore,
  StoredRun,
  TaskCounts,
  TaskFailure,
} from '../../domain/runs/run-store.js';
import type { RawRow, Row, SqlValue } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { notInBin } from './bin.js';
import { insertSql } from './insert-sql.js';
import { prepareOriginOf } from './record-repository.js';
import { containsPattern } from './like-pattern.js';
import {
  ATTEMPT,
  MEASURED_COLUMNS,
  type MeasuredRow,
  RUN,
  RUN_CHANGE,
  RUN_LIFE,
  RUN_NAMES,
  RUN_NODE,
  TASK,
  TASK_COLUMNS,
  TASK_TABLES,
  toMeasuredTask,
} from './run-rows.js';
import { RunWords } from './run-words.js';
import { TaskCounting } from './task-counts.js';
import { TaskTransitions } from './task-transitions.js';

const STORED_RUN = RUN.and(RUN_NAMES).and(RUN_LIFE);
const ID = STORED_RUN.names.indexOf('id');

/** States in which a run still needs its testbed and its dataset. */
const UNFINISHED = "('queued', 'running', 'paused', 'stopping')";

const SORT_COLUMNS: Record<TaskPageInput['sortBy'], string> = {
  ordinal: 't.ordinal',
  service: 't.service_ms',
  waiting: 't.waiting_ms',
  compute: 't.compute_ms',
  steps: 't.quality_steps',
  state: 't.state',
};

interface TaskFilter {
  runId: string;
  state: TaskState | null;
  nodeId: string | null;
  search: string;
}

/** A task matches a node that is its base station or its edge server. */
const TASK_FILTER = `t.run_id = @runId AND (@state IS NULL OR t.state = @state)
  AND (@nodeId IS NULL OR t.base_station_id = @nodeId OR t.edge_server_id = @nodeId)
  AND (@search = '%%' OR t.prompt LIKE @search ESCAPE '\\')`;

export class RunRepository implements RunStore, AttemptStore {
  /** Ended runs as they were read last, with their rows: a list of all runs parses only what has changed since. */
  private readonly ended = new Map<string, { row: RawRow; run: LoadedRun }>();
  private readonly transitions: TaskTransitions;
  private readonly counting: TaskCounting;
  private readonly words: RunWords;
  private readonly insertRunRow: Statement<Row, never>;
  private readonly insertRunNode: Statement<Row, never>;
  private readonly insertPolicy: Statement<{ run_id: string; node_id: string; policy_json: string }, never>;
  private readonly selectPolicy: Statement<{ runId: string; nodeId: string }, { policy_json: string }>;
  private readonly selectRun: RawStatement<{ id: string }, RawRow>;
  private readonly selectRuns: RawStatement<object, RawRow>;
  private readonly selectOpenRuns: RawStatement<object, RawRow>;
  private readonly countRunRows: Statement<object, { total: number }>;
  private readonly selectIdsOfSeries: Statement<{ seriesId: string }, { id: string }>;
  private readonly selectIdsSince: Statement<{ atMs: number }, { id: string }>;
  private readonly selectRunNodes: RawStatement<{ id: string }, RawRow>;
  private readonly selectOrphans: Statement<{ id: string }, { sha256: string }>;
  private readonly selectRemade: Statement<{ id: string }, { sha256: string }>;
  private readonly deleteRunRow: Statement<{ id: string }, never>;
  private readonly deleteImage: Statement<{ sha256: string }, never>;
  private readonly setColumn: ReadonlyMap<string, Statement<{ id: string; value: SqlValue }, never>>;
  private readonly addReason: Statement<{ id: string; reason: string }, never>;
  private readonly selectTasks: RawStatement<{ id: string }, RawRow>;
  private readonly selectMeasured: RawStatement<{ id: string }, MeasuredRow>;
  private readonly selectPlanned: RawStatement<{ id: string }, PlannedTask>;
  private readonly selectFigures: Statement<{ id: string }, { basis: string; figuresJson: string }>;
  private readonly putFigures: Statement<{ id: string; basis: string; figuresJson: string }, never>;
  private readonly selectAttempts: RawStatement<{ id: string }, RawRow>;
  private readonly selectTask: RawStatement<{ runId: string; taskId: string }, RawRow>;
  private readonly countFiltered: Statement<TaskFilter, { total: number }>;
  private readonly originOf: ReturnType<typeof prepareOriginOf>;
  private readonly selectUnfinished: Statement<{ testbedId: string | null; datasetId: string | null }, { id: string }>;

  constructor(
    private readonly database: Database,
    /** Wall clock, epoch ms. */
    now: () => number,
  ) {
    this.transitions = new TaskTransitions(database, now);
    this.counting = new TaskCounting(database);
    this.words = new RunWords(database);
    // The names are those of today, or the ids where there is no such testbed or dataset.
    this.insertRunRow = database.prepare(
      `INSERT INTO runs (${RUN.list()}, name, testbed_id, dataset_id, ${RUN_NAMES.list()})
       VALUES (${RUN.names.map((name) => `@${name}`).join(', ')}, @name, @testbed_id, @dataset_id,
         COALESCE((SELECT name FROM testbeds WHERE id = @testbed_id), @testbed_id),
         COALESCE((SELECT name FROM datasets WHERE id = @dataset_id), @dataset_id))`,
    );
    this.insertRunNode = database.prepare(insertSql('run_nodes', ['run_id', ...RUN_NODE.names]));
    this.insertPolicy = database.prepare(insertSql('run_policies', ['run_id', 'node_id', 'policy_json']));
    this.selectPolicy = database.prepare('SELECT policy_json FROM run_policies WHERE run_id = @runId AND node_id = @nodeId');
    this.selectRun = database.prepareRaw(`SELECT ${STORED_RUN.list()} FROM runs WHERE id = @id`);
    this.selectRuns = database.prepareRaw(
      `SELECT ${STORED_RUN.list()} FROM runs WHERE ${notInBin("'run'", 'id')} ORDER BY created_at_ms DESC, id DESC`,
    );
    this.selectOpenRuns = database.prepareRaw(
      `SELECT ${STORED_RUN.list()} FROM runs WHERE state IN ${UNFINISHED} AND ${notInBin("'run'", 'id')} ORDER BY created_at_ms DESC, id DESC`,
    );
    this.countRunRows = database.prepare(`SELECT COUNT(*) AS total FROM runs WHERE ${notInBin("'run'", 'id')}`);
    this.selectIdsOfSeries = database.prepare(
      `SELECT id FROM runs WHERE series_id = @seriesId AND ${notInBin("'run'", 'id')} ORDER BY created_at_ms, rowid`,
    );
    this.selectIdsSince = database.prepare(
      `SELECT id FROM runs WHERE (finished_at_ms IS NULL OR finished_at_ms >= @atMs) AND ${notInBin("'run'", 'id')} ORDER BY created_at_ms, rowid`,
    );
    this.selectRunNodes = database.prepareRaw(`SELECT ${RUN_NODE.list()} FROM run_nodes WHERE run_id = @id ORDER BY ordinal`);
    this.selectOrphans = database.prepare(
      `SELECT DISTINCT sha256 FROM task_images mine WHERE run_id = @id
         AND NOT EXISTS (SELECT 1 FROM task_images other WHERE other.sha256 = mine.sha256 AND other.run_id <> @id)`,
    );
    this.selectRemade = database.prepare(
      'SELECT remade_sha256 AS sha256 FROM remade_images WHERE sha256 IN (SELECT sha256 FROM task_images WHERE run_id = @id)',
    );
    this.deleteRunRow = database.prepare('DELETE FROM runs WHERE id = @id');
    this.deleteImage = database.prepare('DELETE FROM images WHERE sha256 = @sha256');
    this.setColumn = new Map(
      RUN_CHANGE.names.map((name) => [name, database.prepare(`UPDATE runs SET ${name} = @value WHERE id = @id`)] as const),
    );
    this.addReason = database.prepare(
      `UPDATE runs SET invalid_reasons_json = json_insert(invalid_reasons_json, '$[#]', @reason)
       WHERE id = @id AND NOT EXISTS (SELECT 1 FROM json_each(invalid_reasons_json) WHERE value = @reason)`,
    );
    this.selectTasks = database.prepareRaw(`SELECT ${TASK_COLUMNS} FROM ${TASK_TABLES} WHERE t.run_id = @id ORDER BY t.ordinal`);
    this.selectMeasured = database.prepareRaw(`SELECT ${MEASURED_COLUMNS} FROM tasks WHERE run_id = @id ORDER BY ordinal`);
    this.selectPlanned = database.prepareRaw(
      'SELECT prompt, seed, quality_steps, picture_sha256, arrival_ms FROM tasks WHERE run_id = @id ORDER BY ordinal',
    );
    this.selectFigures = database.prepare('SELECT basis, figures_json AS figuresJson FROM run_figures WHERE run_id = @id');
    this.putFigures = database.prepare(
      'INSERT OR REPLACE INTO run_figures (run_id, basis, figures_json) SELECT id, @basis, @figuresJson FROM runs WHERE id = @id',
    );
    this.selectAttempts = database.prepareRaw(
      `SELECT ${ATTEMPT.list('a')} FROM attempts a JOIN tasks t ON t.id = a.task_id
       WHERE t.run_id = @id ORDER BY t.ordinal, a.lease_epoch`,
    );
    this.selectTask = database.prepareRaw(`SELECT ${TASK_COLUMNS} FROM ${TASK_TABLES} WHERE t.run_id = @runId AND t.id = @taskId`);
    this.countFiltered = database.prepare(`SELECT COUNT(*) AS total FROM tasks t WHERE ${TASK_FILTER}`);
    this.originOf = prepareOriginOf(database, 'run');
    this.selectUnfinished = database.prepare(
      `SELECT id FROM runs WHERE state IN ${UNFINISHED} AND (testbed_id = @testbedId OR dataset_id = @datasetId)`,
    );
  }

  insertRun(run: StoredRun, tasks: readonly NewTask[], learnedPolicies: ReadonlyMap<string, string> = new Map()): void {
    this.database.transaction(() => {
      const { name, testbedId, datasetId } = run.spec;
      this.insertRunRow.run({ ...RUN.toRow(run), name, testbed_id: testbedId, dataset_id: datasetId });
      for (const node of run.nodesSnapshot) {
        this.insertRunNode.run({ run_id: run.id, ...RUN_NODE.toRow({ ...node, facts: node.facts ?? null }) });
      }
      for (const [nodeId, policy] of learnedPolicies) this.insertPolicy.run({ run_id: run.id, node_id: nodeId, policy_json: policy });
      for (const task of tasks) this.transitions.insert(run.id, task);
      this.words.add(run.id);
    });
  }

  learnedPolicyOf(runId: string, nodeId: string): string | null {
    return this.selectPolicy.get({ runId, nodeId })?.policy_json ?? null;
  }

  /** Of an ended run the same object each time while its row is the same, to be left as it is. */
  getRun(id: string): LoadedRun | null {
    const row = this.selectRun.get({ id });
    return row ? this.toRun(row) : null;
  }

  /** Newest first, without those in the bin. */
  listRuns(): LoadedRun[] {
    return this.selectRuns.all({}).map((row) => this.toRun(row));
  }

  /** Those that are not finished, newest first. */
  listOpenRuns(): LoadedRun[] {
    return this.selectOpenRuns.all({}).map((row) => this.toRun(row));
  }

  /** Without those in the bin. */
  countRuns(): number {
    return this.countRunRows.get({})?.total ?? 0;
  }

  /** Without those in the bin. */
  listIdsOfSeries(seriesId: string): string[] {
    return this.selectIdsOfSeries.all({ seriesId }).map(({ id }) => id);
  }

  /** Of those that have ended since an instant (epoch ms), and of those that have not ended; oldest first, without those in the bin. */
  listIdsSince(atMs: number): string[] {
    return this.selectIdsSince.all({ atMs }).map(({ id }) => id);
  }

  /** Deletes the run with its tasks; the images that no other run has are named, for their files to be removed. */
  deleteRun(id: string): { orphanedImages: string[] } {
    return this.database.transaction(() => {
      const own = this.selectOrphans.all({ id }).map((row) => row.sha256);
      // Anyone who deletes the files asks once more whether someone has them: an image made again may be another run's own.
      const remade = this.selectRemade.all({ id }).map((row) => row.sha256);
      this.deleteRunRow.run({ id });
      this.ended.delete(id);
      for (const sha256 of own) this.deleteImage.run({ sha256 });
      return { orphanedImages: [...own, ...remade] };
    });
  }

  updateRun(id: string, change: RunChange): void {
    this.database.transaction(() => {
      for (const [name, value] of Object.entries(RUN_CHANGE.toChange(change))) this.setColumn.get(name)?.run({ id, value });
    });
  }

  /** The same reason twice stands once. */
  addInvalidReason(id: string, reason: string): void {
    this.addReason.run({ id, reason });
  }

  countTasks(runId: string): TaskCounts {
    return this.counting.count(runId);
  }

  listResent(runId: string): string[] {
    return this.counting.listResent(runId);
  }

  listTasks(runId: string): TaskRecord[] {
    return this.selectTasks.all({ id: runId }).map((row) => TASK.read(row));
  }

  listMeasured(runId: string): MeasuredTask[] {
    return this.selectMeasured.all({ id: runId }).map(toMeasuredTask);
  }

  /** What the tasks of a run were planned to be, in the order of their positions. */
  listPlanned(runId: string): PlannedTask[] {
    return this.selectPlanned.all({ id: runId });
  }

  keptFigures(runId: string): { basis: string; figuresJson: string } | null {
    return this.selectFigures.get({ id: runId }) ?? null;
  }

  keepFigures(runId: string, kept: { basis: string; figuresJson: string }): void {
    this.putFigures.run({ id: runId, ...kept });
  }

  listAttempts(runId: string): AttemptRecord[] {
    return this.selectAttempts.all({ id: runId }).map((row) => ATTEMPT.read(row));
  }

  getTask(runId: string, taskId: string): TaskRecord | null {
    const row = this.selectTask.get({ runId, taskId });
    return row ? TASK.read(row) : null;
  }

  /** One page of the task table; tasks without the sorted value come last either way. */
  taskPage(input: TaskPageInput): Page<TaskRecord> {
    const filter: TaskFilter = { runId: input.runId, state: input.state, nodeId: input.nodeId, search: containsPattern(input.search) };
    const column = SORT_COLUMNS[input.sortBy];
    const direction = input.descending ? 'DESC' : 'ASC';
    const select = this.database.prepareRaw<TaskFilter & { limit: number; offset: number }, RawRow>(
      `SELECT ${TASK_COLUMNS} FROM ${TASK_TABLES} WHERE ${TASK_FILTER}
       ORDER BY ${column} ${direction} NULLS LAST, t.ordinal LIMIT @limit OFFSET @offset`,
    );
    const rows = select.all({ ...filter, limit: input.limit, offset: input.offset });
    return { items: rows.map((row) => TASK.read(row)), total: this.countFiltered.get(filter)?.total ?? 0 };
  }

  markSent(runId: string, sends: readonly { taskId: string; baseStationId: string; atMs: number }[]): Map<string, number> {
    return this.transitions.markSent(runId, sends);
  }

  acceptResults(results: readonly AcceptedResult[]): boolean[] {
    return this.database.transaction(() => results.map((result) => this.transitions.acceptResult(result)));
  }

  recordFailure(failure: TaskFailure): boolean {
    return this.transitions.recordFailure(failure);
  }

  takeBack(runId: string, taskIds: readonly string[], atMs: number): number {
    return this.transitions.takeBack(runId, taskIds, atMs);
  }

  cancelTasks(runId: string, taskIds: readonly string[] | 'all', message: string | null = null): number {
    return this.transitions.cancel(runId, taskIds, message);
  }

  /** Ids of runs that are not finished and use this testbed or dataset. */
  unfinishedRunsOf(use: { testbedId: string } | { datasetId: string }): string[] {
    const testbedId = 'testbedId' in use ? use.testbedId : null;
    const datasetId = 'datasetId' in use ? use.datasetId : null;
    return this.selectUnfinished.all({ testbedId, datasetId }).map((row) => row.id);
  }

  private toRun(row: RawRow): LoadedRun {
    const known = this.ended.get(row[ID] as string);
    if (known && known.row.every((value, index) => value === row[index])) return known.run;
    const read = STORED_RUN.read(row);
    const run = {
      ...read,
      imported: this.originOf(read.id),
      nodesSnapshot: this.selectRunNodes.all({ id: read.id }).map((node) => RUN_NODE.read(node)),
    };
    if (run.finishedAtMs !== null) this.ended.set(run.id, { row, run: Object.freeze(run) });
    return run;
  }
}
