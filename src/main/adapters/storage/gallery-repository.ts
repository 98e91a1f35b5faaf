// The images that tasks brought home, as the gallery lists them: which fit, in what order, and what is known of each. An image is a number
// here; the list of those that fit is read once from narrow rows and cut into pages by its reader, so that a page costs the same wherever it is.
import type { GalleryAxis, GalleryImage, GallerySort, GalleryStretch } from '../../../shared/gallery.js';
import { nodeWorkerSchema } from '../../../shared/node-worker-schema.js';
import type { QueryTerm } from '../../../shared/query/query.js';
import { notInBin } from './bin.js';
import { column, Columns, flag, instant, nullableJson, type RawRow, type SqlValue } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { imageConditions, MODEL_VARIANT } from './gallery-conditions.js';

export interface ImageQuestion {
  /** Of the image itself: words, and the keys of IMAGE_KEYS. */
  terms: readonly QueryTerm[];
  /** Of these runs; of all outside the bin where null. */
  runIds: readonly string[] | null;
  /** Not after this image; null: all. */
  asOf: number | null;
  /** Wall clock, epoch ms. */
  nowMs: number;
}

const ORDERS: Record<GallerySort, string> = {
  newest: 'g.created_at_ms DESC, g.number DESC',
  oldest: 'g.created_at_ms, g.number',
  task: 'g.ordinal, g.number',
  slowest: 'g.service_ms DESC, g.number',
  fastest: 'g.service_ms, g.number',
  steps: 'g.quality_steps, g.number',
  seed: 'g.seed, g.number',
};

const HOUR_MS = 3_600_000;

const STRETCH = new Columns<GalleryStretch>({
  runId: column('run_id'),
  runName: column('run_name'),
  count: column('count'),
  firstAtMs: instant('first_at_ms'),
  lastAtMs: instant('last_at_ms'),
});

const PARTS = new Columns<GalleryImage['parts']>({
  uploadMs: column('upload_ms'),
  waitingMs: column('waiting_ms'),
  computeMs: column('compute_ms'),
  downloadMs: column('download_ms'),
  resendMs: column('resend_ms'),
  controlMs: column('control_ms'),
});

/** Of an image's columns, which are of six tables. */
const IMAGE = new Columns<GalleryImage>({
  taskId: column('task_id'),
  runId: column('run_id'),
  runName: column('run_name'),
  datasetName: column('dataset_name'),
  scheduler: column('scheduler'),
  ordinal: column('ordinal'),
  sha256: column('sha256'),
  mediaType: column('media_type'),
  widthPx: column('width_px'),
  heightPx: column('height_px'),
  sizeBytes: column('size_bytes'),
  isSimulated: flag('is_simulated'),
  prompt: column('prompt'),
  seed: column('seed'),
  qualitySteps: column('quality_steps'),
  computedSteps: column('computed_steps'),
  nodeId: column('node_id'),
  nodeName: column('node_name'),
  worker: nullableJson('worker_json', nodeWorkerSchema),
  serviceMs: column('service_ms'),
  parts: PARTS,
  createdAtMs: instant('created_at_ms'),
});

/** Where a column's name alone does not say of which table it is; `g` is gallery_images, `t` tasks, `r` runs, `i` images, `n` run_nodes. */
const SOURCES: Readonly<Record<string, string>> = {
  task_id: 'g.task_id',
  run_id: 'g.run_id',
  run_name: 'r.name',
  scheduler: "r.spec_json ->> '$.scheduler'",
  ordinal: 'g.ordinal',
  sha256: 'i.sha256',
  is_simulated: 'i.is_simulated',
  seed: 'g.seed',
  quality_steps: 'g.quality_steps',
  node_id: 'g.node_id',
  node_name: 'COALESCE(n.name, g.node_id)',
  service_ms: 'g.service_ms',
  created_at_ms: 'g.created_at_ms',
};

const IMAGE_TABLES = `JOIN tasks t ON t.id = g.task_id
JOIN task_images ti ON ti.task_id = g.task_id
JOIN runs r ON r.id = g.run_id
JOIN images i ON i.sha256 = ti.sha256
LEFT JOIN run_nodes n ON n.run_id = g.run_id AND n.node_id = g.node_id`;

/** What runs and nodes are called, read once a question and not once an image. */
const NAMES = `WITH r AS MATERIALIZED (SELECT id, name, dataset_name, spec_json ->> '$.scheduler' AS scheduler FROM runs),
n AS MATERIALIZED (SELECT run_id, node_id, name,
  coalesce(${MODEL_VARIANT} || ', ' || coalesce(substr(worker_json ->> '$.modelSha256', 1, 12), 'hash not on record'), 'No model on record') AS model
  FROM run_nodes n)`;

const AXES: Record<GalleryAxis, { key: string; label: string }> = {
  prompt: { key: 'g.prompt_number', label: 'NULL' },
  seed: { key: 'g.seed', label: 'g.seed' },
  steps: { key: 'g.quality_steps', label: 'g.quality_steps' },
  node: { key: 'coalesce(n.name, g.node_id)', label: 'coalesce(n.name, g.node_id)' },
  run: { key: 'g.run_id', label: 'r.name' },
  scheduler: { key: 'r.scheduler', label: 'r.scheduler' },
  model: { key: "coalesce(n.model, 'No model on record')", label: "coalesce(n.model, 'No model on record')" },
  dataset: { key: 'r.dataset_name', label: 'r.dataset_name' },
};

/** Images that share a value of both axes. A prompt's label is its text, which `promptTexts` has. */
export interface ImagePair {
  rowKey: string | number;
  rowLabel: string | number | null;
  columnKey: string | number;
  columnLabel: string | number | null;
  count: number;
  newest: number;
}

type Parameters = Record<string, SqlValue>;

export class GalleryRepository {
  readonly #database: Database;
  readonly #selectStamp: RawStatement<object, [number, number]>;
  readonly #selectNewest: Statement<object, { newest: number | null }>;
  readonly #selectImages: RawStatement<{ numbers: string }, RawRow>;
  readonly #selectNumbers: RawStatement<{ taskIds: string }, [number]>;
  readonly #selectSize: Statement<{ numbers: string }, { total: number | null }>;
  readonly #selectTexts: RawStatement<{ numbers: string }, [number, string]>;

  constructor(database: Database) {
    this.#database = database;
    this.#selectStamp = database.prepareRaw('SELECT total_changes(), data_version FROM pragma_data_version');
    this.#selectNewest = database.prepare('SELECT max(number) AS newest FROM gallery_images');
    this.#selectImages = database.prepareRaw(
      `SELECT ${IMAGE.names.map((name) => SOURCES[name] ?? name).join(', ')}
       FROM json_each(@numbers) asked JOIN gallery_images g ON g.number = asked.value ${IMAGE_TABLES} ORDER BY asked.key`,
    );
    this.#selectNumbers = database.prepareRaw(
      'SELECT g.number FROM json_each(@taskIds) asked JOIN gallery_images g ON g.task_id = asked.value',
    );
    this.#selectSize = database.prepare(
      `SELECT sum(i.size_bytes) AS total FROM json_each(@numbers) asked JOIN gallery_images g ON g.number = asked.value
       JOIN task_images ti ON ti.task_id = g.task_id JOIN images i ON i.sha256 = ti.sha256`,
    );
    this.#selectTexts = database.prepareRaw(
      'SELECT p.number, p.text FROM json_each(@numbers) asked JOIN image_prompts p ON p.number = asked.value',
    );
  }

  /** Another one whenever anything in the database may have changed, by this program or another. */
  stamp(): string {
    return this.#selectStamp.get({})?.join(' ') ?? '';
  }

  /** The number of the image that came last; 0 without any. */
  newest(): number {
    return this.#selectNewest.get({})?.newest ?? 0;
  }

  /** Numbers of the images that fit, in the order. */
  find(question: ImageQuestion, sort: GallerySort): number[] {
    const { where, parameters } = this.#matching(question);
    const rows = this.#database.prepareRaw<Parameters, [number]>(
      `SELECT g.number FROM gallery_images g WHERE ${where} ORDER BY ${ORDERS[sort]}`,
    );
    return rows.all(parameters).map(([number]) => number);
  }

  /** How many that came after an image fit. */
  countAfter(question: Omit<ImageQuestion, 'asOf'>, after: number): number {
    const { where, parameters } = this.#matching({ ...question, asOf: null });
    const count = this.#database.prepare<Parameters, { total: number }>(
      `SELECT count(*) AS total FROM gallery_images g WHERE g.number > @after AND ${where}`,
    );
    return count.get({ ...parameters, after })?.total ?? 0;
  }

  /** In the order of the numbers; those that are gone are left out. */
  images(numbers: readonly number[]): GalleryImage[] {
    return this.#selectImages.all({ numbers: JSON.stringify(numbers) }).map((row) => IMAGE.read(row));
  }

  /** Of tasks that have an image, in no particular order. */
  numbersOf(taskIds: readonly string[]): number[] {
    return this.#selectNumbers.all({ taskIds: JSON.stringify(taskIds) }).map(([number]) => number);
  }

  /** Of their files, all together. */
  sizeOf(numbers: readonly number[]): number {
    return this.#selectSize.get({ numbers: JSON.stringify(numbers) })?.total ?? 0;
  }

  /** By their numbers. */
  promptTexts(numbers: readonly number[]): Map<number, string> {
    return new Map(this.#selectTexts.all({ numbers: JSON.stringify(numbers) }));
  }

  /** A row for each run and hour with images that fit, oldest first. */
  stretches(question: ImageQuestion): GalleryStretch[] {
    const { where, parameters } = this.#matching(question);
    const found = this.#database.prepareRaw<Parameters, RawRow>(
      `SELECT g.run_id, r.name AS run_name, count(*) AS count, min(g.created_at_ms) AS first_at_ms, max(g.created_at_ms) AS last_at_ms
       FROM gallery_images g JOIN runs r ON r.id = g.run_id
       WHERE ${where} GROUP BY g.run_id, g.created_at_ms / ${HOUR_MS} ORDER BY first_at_ms, g.run_id`,
    );
    return found.all(parameters).map((row) => STRETCH.read(row));
  }

  /** How many images there are of each pair of values. */
  pairs(question: ImageQuestion, rows: GalleryAxis, columns: GalleryAxis): ImagePair[] {
    const { where, parameters } = this.#matching(question);
    const [row, across] = [AXES[rows], AXES[columns]];
    const found = this.#database.prepareRaw<Parameters, RawRow>(
      `${NAMES} SELECT ${row.key}, ${row.label}, ${across.key}, ${across.label}, count(*), max(g.number)
       FROM gallery_images g JOIN r ON r.id = g.run_id LEFT JOIN n ON n.run_id = g.run_id AND n.node_id = g.node_id
       WHERE ${where} GROUP BY 1, 3`,
    );
    return found.all(parameters).map(([rowKey = null, rowLabel = null, columnKey = null, columnLabel = null, count, newest]) => ({
      ...{ rowKey: rowKey ?? '', rowLabel, columnKey: columnKey ?? '', columnLabel },
      ...{ count: Number(count), newest: Number(newest) },
    }));
  }

  #matching({ terms, runIds, asOf, nowMs }: ImageQuestion): { where: string; parameters: Parameters } {
    const parameters: Parameters = {};
    const bind = (value: SqlValue): string => {
      const name = `p${Object.keys(parameters).length}`;
      parameters[name] = value;
      return name;
    };
    const conditions = [
      runIds === null ? notInBin("'run'", 'g.run_id') : `g.run_id IN (SELECT value FROM json_each(@${bind(JSON.stringify(runIds))}))`,
      ...(asOf === null ? [] : [`g.number <= @${bind(asOf)}`]),
      ...imageConditions(terms, { bind, nowMs }),
    ];
    return { where: conditions.join(' AND '), parameters };
  }
}
