// The images that tasks brought home, and those made in the place of lost ones. The bytes are files: see src/main/adapters/images.
import type { GalleryPageInput } from '../../../shared/api/inputs.js';
import { nodeWorkerSchema } from '../../../shared/node-worker.js';
import type { GalleryImage, Page } from '../../../shared/run.js';
import { notInBin } from './bin.js';
import { column, Columns, flag, instant, nullableJson, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';
import { containsPattern } from './like-pattern.js';

type Filter = Record<string, string | number | null>;

const ORDERS: Record<GalleryPageInput['sortBy'], string> = {
  newest: 'ti.created_at_ms DESC, ti.task_id DESC',
  oldest: 'ti.created_at_ms, ti.task_id',
  ordinal: 't.ordinal, ti.task_id',
  slowest: 't.service_ms DESC, ti.task_id',
  fastest: 't.service_ms, ti.task_id',
};

/** Only the conditions that are asked for, so that the indexes serve the common cases (all, newest; one run, newest). */
function conditionsOf(input: GalleryPageInput): { where: string; filter: Filter; needsTasks: boolean } {
  const conditions: string[] = [];
  const filter: Filter = {};
  if (input.runId !== null) {
    conditions.push('ti.run_id = @runId');
    filter.runId = input.runId;
  } else conditions.push(notInBin("'run'", 'ti.run_id'));
  if (input.nodeId !== null) {
    conditions.push('t.edge_server_id = @nodeId');
    filter.nodeId = input.nodeId;
  }
  if (input.seed !== null) {
    conditions.push('t.seed = @seed');
    filter.seed = input.seed;
  }
  if (input.search !== '') {
    conditions.push("t.prompt LIKE @search ESCAPE '\\'");
    filter.search = containsPattern(input.search);
  }
  const needsTasks = conditions.some((condition) => condition.startsWith('t.'));
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', filter, needsTasks };
}

/** Of a page's rows, whose columns are of five tables. */
const GALLERY = new Columns<GalleryImage>({
  taskId: column('task_id'),
  runId: column('run_id'),
  runName: column('run_name'),
  ordinal: column('ordinal'),
  sha256: column('sha256'),
  widthPx: column('width_px'),
  heightPx: column('height_px'),
  sizeBytes: column('size_bytes'),
  isSimulated: flag('is_simulated'),
  prompt: column('prompt'),
  seed: column('seed'),
  qualitySteps: column('quality_steps'),
  computedSteps: column('computed_steps'),
  nodeId: column('edge_server_id'),
  nodeName: column('node_name'),
  worker: nullableJson('worker_json', nodeWorkerSchema),
  serviceMs: column('service_ms'),
  createdAtMs: instant('created_at_ms'),
});

/** Where a column's name alone does not say of which table it is; `ti` is task_images, `t` tasks, `r` runs, `i` images, `n` run_nodes. */
const GALLERY_SOURCES: Readonly<Record<string, string>> = {
  task_id: 'ti.task_id',
  run_id: 'ti.run_id',
  run_name: 'r.name',
  ordinal: 't.ordinal',
  sha256: 'i.sha256',
  is_simulated: 'i.is_simulated',
  worker_json: 'n.worker_json',
  node_name: 'COALESCE(n.name, t.edge_server_id)',
  created_at_ms: 'ti.created_at_ms',
};

export interface ImageRow {
  sha256: string;
  sizeBytes: number;
  mediaType: 'image/png' | 'image/jpeg';
}

export interface RemadeImageRow extends ImageRow {
  /** The image that was lost. */
  originalSha256: string;
  nodeName: string;
  madeAtMs: number;
}

/** A task whose image is to be made again, with the node that made it. */
export interface ImageMaking {
  sha256: string;
  taskId: string;
  runId: string;
  testbedId: string;
  prompt: string;
  seed: number;
  qualitySteps: number;
  nodeId: string;
  isSimulated: boolean;
  /** Image-to-image. */
  isFromPicture: boolean;
}

/** What was made in the place of a lost image, under the name of that one. */
const REMADE = new Columns<Omit<RemadeImageRow, 'originalSha256'>>({
  sha256: column('remade_sha256'),
  sizeBytes: column('size_bytes'),
  mediaType: column('media_type'),
  nodeName: column('node_name'),
  madeAtMs: instant('made_at_ms'),
});

/** Of several tables too. */
const MAKING = new Columns<Omit<ImageMaking, 'sha256'>>({
  taskId: column('task_id'),
  runId: column('run_id'),
  testbedId: column('testbed_id'),
  prompt: column('prompt'),
  seed: column('seed'),
  qualitySteps: column('quality_steps'),
  nodeId: column('edge_server_id'),
  isSimulated: flag('is_simulated'),
  isFromPicture: flag('is_from_picture'),
});

type Named = { sha256: string };

export class ImageRepository {
  private readonly selectUse: Statement<Named, { found: number }>;
  private readonly selectOne: Statement<Named, ImageRow>;
  private readonly selectRemade: Statement<Named, { sha256: string; nodeName: string; madeAtMs: number }>;
  private readonly upsertRemade: Statement<Row, never>;
  private readonly deleteRemade: Statement<Named, never>;
  private readonly selectMaking: RawStatement<Named, RawRow>;
  private readonly countAll: Statement<object, { total: number }>;

  constructor(private readonly database: Database) {
    this.selectUse = database.prepare(
      `SELECT 1 AS found FROM task_images WHERE sha256 = @sha256
       UNION ALL SELECT 1 FROM remade_images WHERE remade_sha256 = @sha256 LIMIT 1`,
    );
    this.selectOne = database.prepare(
      `SELECT sha256, size_bytes AS sizeBytes, media_type AS mediaType FROM images WHERE sha256 = @sha256
       UNION ALL SELECT remade_sha256, size_bytes, media_type FROM remade_images WHERE remade_sha256 = @sha256 LIMIT 1`,
    );
    this.selectRemade = database.prepare(
      'SELECT remade_sha256 AS sha256, node_name AS nodeName, made_at_ms AS madeAtMs FROM remade_images WHERE sha256 = @sha256',
    );
    this.upsertRemade = database.prepare(upsertSql('remade_images', ['sha256'], REMADE.names));
    this.deleteRemade = database.prepare('DELETE FROM remade_images WHERE sha256 = @sha256');
    this.selectMaking = database.prepareRaw(
      // In the order of MAKING.
      `SELECT t.id, t.run_id, r.testbed_id, t.prompt, t.seed, t.quality_steps, t.edge_server_id, i.is_simulated,
         t.picture_sha256 IS NOT NULL AS is_from_picture
       FROM task_images ti JOIN tasks t ON t.id = ti.task_id JOIN runs r ON r.id = t.run_id JOIN images i ON i.sha256 = ti.sha256
       WHERE ti.sha256 = @sha256 ORDER BY ti.created_at_ms, ti.task_id LIMIT 1`,
    );
    this.countAll = database.prepare('SELECT count(*) AS total FROM images');
  }

  /** Whether a task has this image, or it was made in the place of one that a task has. */
  isReferenced(sha256: string): boolean {
    return this.selectUse.get({ sha256 }) !== undefined;
  }

  find(sha256: string): ImageRow | null {
    return this.selectOne.get({ sha256 }) ?? null;
  }

  count(): number {
    return this.countAll.get({})?.total ?? 0;
  }

  /** What was made in the place of this image. */
  findRemade(sha256: string): { sha256: string; nodeName: string; madeAtMs: number } | null {
    return this.selectRemade.get({ sha256 }) ?? null;
  }

  saveRemade(remade: RemadeImageRow): void {
    this.upsertRemade.run({ sha256: remade.originalSha256, ...REMADE.toRow(remade) });
  }

  /** The image itself is back. */
  forgetRemade(sha256: string): void {
    this.deleteRemade.run({ sha256 });
  }

  /** How the image was made the first time; null when no task has it. */
  howMade(sha256: string): ImageMaking | null {
    const row = this.selectMaking.get({ sha256 });
    return row ? { sha256, ...MAKING.read(row) } : null;
  }

  /** One page of the gallery: accepted results only. */
  galleryPage(input: GalleryPageInput): Page<GalleryImage> {
    const { where, filter, needsTasks } = conditionsOf(input);
    const rows = this.database
      .prepareRaw<Filter, RawRow>(
        `SELECT ${GALLERY.names.map((name) => GALLERY_SOURCES[name] ?? name).join(', ')}
         FROM task_images ti
         JOIN tasks t ON t.id = ti.task_id
         JOIN runs r ON r.id = ti.run_id
         JOIN images i ON i.sha256 = ti.sha256
         LEFT JOIN run_nodes n ON n.run_id = ti.run_id AND n.node_id = t.edge_server_id
         ${where} ORDER BY ${ORDERS[input.sortBy]} LIMIT @limit OFFSET @offset`,
      )
      .all({ ...filter, limit: input.limit, offset: input.offset });
    const tables = needsTasks ? 'task_images ti JOIN tasks t ON t.id = ti.task_id' : 'task_images ti';
    const total = this.database.prepare<Filter, { total: number }>(`SELECT COUNT(*) AS total FROM ${tables} ${where}`).get(filter);
    return { items: rows.map((row) => GALLERY.read(row)), total: total?.total ?? 0 };
  }
}
