// Runs, series, trainings and studies as they go into an archive and come back from one: whole, in the rows that they are.
import type { ImportedFrom } from '../../../shared/record.js';
import type { JobSubject } from '../../../shared/job.js';
import { nameTraining } from '../../../shared/name-training.js';
import type { StoredJob } from '../../domain/jobs/job-store.js';
import type { ArchivedImage, ArchivedJob, ArchivedRecord, ArchivedRun, ArchivedSeries } from './archived-records.js';
import type { ArchivedStudy, ArchivedTask, ArchivedTraining } from './archived-records.js';
import { column, Columns, flag, instant, optional, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import type { EnergyRepository } from './energy-repository.js';
import { insertSql } from './insert-sql.js';
import type { JobRepository } from './job-repository.js';
import type { PictureRepository } from './picture-repository.js';
import type { RecordRepository } from './record-repository.js';
import type { RunRepository } from './run-repository.js';
import { ATTEMPT, RUN, RUN_LIFE, RUN_NAMES, RUN_NODE, TASK, TASK_TABLES } from './run-rows.js';
import { RunWords } from './run-words.js';
import type { SeriesRepository } from './series-repository.js';
import type { StudyRepository } from './study-repository.js';
import type { TrainingRepository } from './training-repository.js';

interface ArchiveTables {
  runs: RunRepository;
  series: SeriesRepository;
  trainings: TrainingRepository;
  studies: StudyRepository;
  jobs: JobRepository;
  pictures: PictureRepository;
  energy: EnergyRepository;
  records: RecordRepository;
}

/** What the row of a task has and its record does not. */
const TASK_EXTRA = new Columns<{ promptId: number; image: ArchivedTask['image'] }>({
  promptId: column('prompt_id'),
  image: optional(new Columns<NonNullable<ArchivedTask['image']>>({ sha256: column('sha256'), storedAtMs: instant('created_at_ms') })),
});
const IMAGE = new Columns<ArchivedImage>({
  sha256: column('sha256'),
  sizeBytes: column('size_bytes'),
  widthPx: column('width_px'),
  heightPx: column('height_px'),
  mediaType: column('media_type'),
  isSimulated: flag('is_simulated'),
});
/** Of the record of a task, those that are in other tables. */
const OF_OTHER_TABLES = ['picture_bytes', 'picture_media_type', 'image_sha256', 'is_simulated'];
const TASK_ROW = TASK.names.filter((each) => !OF_OTHER_TABLES.includes(each));

export class ArchiveRepository {
  readonly #selectTaskExtras: RawStatement<{ id: string }, RawRow>;
  readonly #selectImages: RawStatement<{ id: string }, RawRow>;
  readonly #selectPolicies: Statement<{ id: string }, { nodeId: string; policyJson: string }>;
  readonly #insertRun: Statement<Row, never>;
  readonly #insertNode: Statement<Row, never>;
  readonly #insertPolicy: Statement<Row, never>;
  readonly #insertTask: Statement<Row, never>;
  readonly #insertAttempt: Statement<Row, never>;
  readonly #insertImage: Statement<Row, never>;
  readonly #insertTaskImage: Statement<Row, never>;
  readonly #words: RunWords;

  constructor(
    private readonly database: Database,
    private readonly tables: ArchiveTables,
  ) {
    this.#words = new RunWords(database);
    this.#selectTaskExtras = database.prepareRaw(
      `SELECT t.prompt_id, ti.sha256, ti.created_at_ms FROM ${TASK_TABLES} WHERE t.run_id = @id ORDER BY t.ordinal`,
    );
    this.#selectImages = database.prepareRaw(
      `SELECT DISTINCT ${IMAGE.list('i')} FROM task_images ti JOIN images i ON i.sha256 = ti.sha256 WHERE ti.run_id = @id ORDER BY i.sha256`,
    );
    this.#selectPolicies = database.prepare(
      'SELECT node_id AS nodeId, policy_json AS policyJson FROM run_policies WHERE run_id = @id ORDER BY node_id',
    );
    const runColumns = [...RUN.names, ...RUN_NAMES.names, ...RUN_LIFE.names, 'name', 'testbed_id', 'dataset_id'];
    this.#insertRun = database.prepare(insertSql('runs', runColumns));
    this.#insertNode = database.prepare(insertSql('run_nodes', ['run_id', ...RUN_NODE.names]));
    this.#insertPolicy = database.prepare(insertSql('run_policies', ['run_id', 'node_id', 'policy_json']));
    this.#insertTask = database.prepare(insertSql('tasks', [...TASK_ROW, 'prompt_id']));
    this.#insertAttempt = database.prepare(insertSql('attempts', ATTEMPT.names));
    this.#insertImage = database.prepare(`${insertSql('images', [...IMAGE.names, 'created_at_ms'])} ON CONFLICT (sha256) DO NOTHING`);
    this.#insertTaskImage = database.prepare(insertSql('task_images', ['task_id', 'run_id', 'sha256', 'created_at_ms']));
  }

  /** Null where there is none of that id; so are the others. What may not leave the machine is still in it (see without-places.ts). */
  readRun(id: string): (Omit<ArchivedRun, 'state' | 'finishedAtMs' | 'nodes'> & Pick<RunRow, 'state' | 'finishedAtMs' | 'nodes'>) | null {
    const run = this.tables.runs.getRun(id);
    if (!run) return null;
    const { nodesSnapshot, imported: _imported, ...own } = run;
    const extras = this.#selectTaskExtras.all({ id }).map((row) => TASK_EXTRA.read(row));
    const tasks = this.tables.runs.listTasks(id).map(({ runId: _run, isSimulated: _is, imageSha256: _image, ...task }, index) => {
      const { promptId = 0, image = null } = extras[index] ?? {};
      return { ...task, promptId, image };
    });
    return {
      ...own,
      nodes: nodesSnapshot,
      policies: this.#selectPolicies.all({ id }).map(({ nodeId, policyJson }) => ({ nodeId, policy: JSON.parse(policyJson) as never })),
      tasks,
      attempts: this.tables.runs.listAttempts(id),
      images: this.#selectImages.all({ id }).map((row) => IMAGE.read(row)),
      energy: this.tables.energy.listEnergy(id),
      environment: this.tables.records.environmentOf({ kind: 'run', id }),
    };
  }

  readSeries(id: string): (Omit<ArchivedSeries, 'job'> & { job: StoredJob }) | null {
    const [stored, job] = [this.tables.series.get(id), this.tables.jobs.get(id)];
    if (!stored || !job) return null;
    const environment = this.tables.records.environmentOf({ kind: 'series', id });
    return { ...stored, cells: this.tables.series.cells(id), job, detail: job.detail as ArchivedSeries['detail'], environment };
  }

  readTraining(id: string): (Omit<ArchivedTraining, 'job'> & { job: StoredJob }) | null {
    const [stored, job] = [this.tables.trainings.get(id), this.tables.jobs.get(id)];
    if (!stored || !job) return null;
    const { environment: simulated, ...own } = stored;
    const environment = this.tables.records.environmentOf({ kind: 'training', id });
    return { ...own, simulated: { ...simulated }, curve: this.tables.trainings.curve(id), job, environment };
  }

  readStudy(id: string): (Omit<ArchivedStudy, 'job'> & { job: StoredJob }) | null {
    const [stored, job] = [this.tables.studies.get(id), this.tables.jobs.get(id)];
    if (!stored || !job) return null;
    const cells = this.tables.studies
      .cells(id)
      .map(({ origin: _origin, curveSec, ...cell }) => ({ ...cell, curveSec: curveSec && [...curveSec] }));
    const environment = this.tables.records.environmentOf({ kind: 'study', id });
    return { ...stored, cells, failures: this.tables.studies.failures(id), job, environment };
  }

  /** All of them or none, each marked as imported. */
  add(records: readonly ArchivedRecord[], origin: ImportedFrom, nowMs: number): void {
    this.database.transaction(() => {
      // Runs refer to their series.
      for (const each of records) if (each.kind === 'series') this.#addSeries(each.record);
      for (const each of records) {
        if (each.kind === 'run') this.#addRun(each.record, nowMs);
        else if (each.kind === 'training') this.#addTraining(each.record);
        else if (each.kind === 'study') this.#addStudy(each.record);
        const ref = { kind: each.kind, id: each.record.id };
        if (each.record.environment) this.tables.records.keepEnvironment(ref, each.record.environment);
        this.tables.records.addOrigin(ref, origin, nowMs);
      }
    });
  }

  #addRun(run: ArchivedRun, nowMs: number): void {
    const { id, spec, nodes, policies, tasks, attempts, images, energy } = run;
    // A run of a series that is not here is a run of its own.
    const series = run.series && this.tables.series.get(run.series.seriesId) ? run.series : null;
    const own = { ...RUN.toRow({ ...run, series }), ...RUN_NAMES.toRow(run), ...RUN_LIFE.toRow(run) };
    this.#insertRun.run({ ...own, name: spec.name, testbed_id: spec.testbedId, dataset_id: spec.datasetId });
    for (const node of nodes) this.#insertNode.run({ run_id: id, ...RUN_NODE.toRow(node) });
    for (const { nodeId, policy } of policies) {
      this.#insertPolicy.run({ run_id: id, node_id: nodeId, policy_json: JSON.stringify(policy) });
    }
    for (const image of images) this.#insertImage.run({ ...IMAGE.toRow(image), created_at_ms: nowMs });
    for (const task of tasks) {
      const { promptId, image, ...own } = task;
      if (task.picture) this.tables.pictures.add(task.picture);
      const row = TASK.toRow({ ...own, runId: id, isSimulated: run.isSimulated, imageSha256: null });
      this.#insertTask.run({ ...Object.fromEntries(TASK_ROW.map((each) => [each, row[each] ?? null])), prompt_id: promptId });
      if (image) this.#insertTaskImage.run({ task_id: task.id, run_id: id, sha256: image.sha256, created_at_ms: image.storedAtMs });
    }
    for (const attempt of attempts) this.#insertAttempt.run(ATTEMPT.toRow(attempt));
    this.tables.energy.saveEnergy(id, energy);
    this.#words.add(id);
  }

  #addSeries({ cells, job, detail, environment: _environment, ...series }: ArchivedSeries): void {
    this.tables.series.add(series, cells);
    this.#addJob(job, { id: series.id, kind: 'series', title: 'Run series', name: series.spec.name, detail });
  }

  #addTraining({ curve, job, simulated, environment: _environment, ...training }: ArchivedTraining): void {
    this.tables.trainings.add({ ...training, environment: simulated });
    this.tables.trainings.saveEpisodes(training.id, curve);
    const name = nameTraining(training.spec);
    this.#addJob(job, { id: training.id, kind: 'training', title: 'Train', name, detail: null });
  }

  #addStudy({ cells, failures, job, environment: _environment, ...study }: ArchivedStudy): void {
    this.tables.studies.add(study);
    this.tables.studies.addCells(
      study.id,
      cells.map((cell) => ({ ...cell, origin: 'imported' as const })),
    );
    for (const failure of failures) this.tables.studies.addFailure(study.id, failure);
    this.#addJob(job, { id: study.id, kind: 'study', title: 'Run study', name: study.study.name, detail: null });
  }

  #addJob(job: ArchivedJob, of: { id: string; kind: 'series' | 'training' | 'study'; title: string; name: string; detail: unknown }): void {
    const subject: JobSubject = { kind: of.kind, id: of.id, name: of.name };
    this.tables.jobs.save({ ...job, id: of.id, kind: of.kind, title: of.title, subject, detail: of.detail, log: [] });
  }
}

/** A run as it is, which may not be finished. */
type RunRow = Pick<NonNullable<ReturnType<RunRepository['getRun']>>, 'state' | 'finishedAtMs'> & {
  nodes: NonNullable<ReturnType<RunRepository['getRun']>>['nodesSnapshot'];
};
