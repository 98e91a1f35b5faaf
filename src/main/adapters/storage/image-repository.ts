// The images that tasks brought home, and those made in the place of lost ones. The bytes are files: see src/main/adapters/images.
import type { GalleryPageInput } from '../../../shared/api/inputs.js';
import type { GalleryImage, Page } from '../../../shared/run.js';
import type { Database, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';
import { containsPattern } from './like-pattern.js';
import { wholeMs } from './whole-ms.js';

interface GalleryRow {
  sha256: string;
  size_bytes: number;
  width_px: number;
  height_px: number;
  media_type: 'image/png' | 'image/jpeg';
  is_simulated: number;
  task_id: string;
  run_id: string;
  run_name: string;
  ordinal: number;
  prompt: string;
  seed: number;
  quality_steps: number;
  edge_server_id: string;
  node_name: string;
  service_ms: number;
  created_at_ms: number;
}

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
  }
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

function toGalleryImage(row: GalleryRow): GalleryImage {
  return {
    taskId: row.task_id,
    runId: row.run_id,
    runName: row.run_name,
    ordinal: row.ordinal,
    sha256: row.sha256,
    widthPx: row.width_px,
    heightPx: row.height_px,
    sizeBytes: row.size_bytes,
    isSimulated: row.is_simulated === 1,
    prompt: row.prompt,
    seed: row.seed,
    qualitySteps: row.quality_steps,
    nodeId: row.edge_server_id,
    nodeName: row.node_name,
    serviceMs: row.service_ms,
    createdAtMs: row.created_at_ms,
  };
}

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
}

interface MakingRow {
  task_id: string;
  run_id: string;
  testbed_id: string;
  prompt: string;
  seed: number;
  quality_steps: number;
  edge_server_id: string;
  is_simulated: number;
}

type Named = { sha256: string };

export class ImageRepository {
  private readonly selectUse: Statement<Named, { found: number }>;
  private readonly selectOne: Statement<Named, ImageRow>;
  private readonly selectRemade: Statement<Named, { sha256: string; nodeName: string; madeAtMs: number }>;
  private readonly upsertRemade: Statement<Record<string, string | number>, never>;
  private readonly deleteRemade: Statement<Named, never>;
  private readonly selectMaking: Statement<Named, MakingRow>;
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
    this.upsertRemade = database.prepare(
      upsertSql('remade_images', ['sha256'], ['remade_sha256', 'size_bytes', 'media_type', 'node_name', 'made_at_ms']),
    );
    this.deleteRemade = database.prepare('DELETE FROM remade_images WHERE sha256 = @sha256');
    this.selectMaking = database.prepare(
      `SELECT t.id AS task_id, t.run_id, r.testbed_id, t.prompt, t.seed, t.quality_steps, t.edge_server_id, i.is_simulated
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
    this.upsertRemade.run({
      sha256: remade.originalSha256,
      remade_sha256: remade.sha256,
      size_bytes: remade.sizeBytes,
      media_type: remade.mediaType,
      node_name: remade.nodeName,
      made_at_ms: wholeMs(remade.madeAtMs),
    });
  }

  /** The image itself is back. */
  forgetRemade(sha256: string): void {
    this.deleteRemade.run({ sha256 });
  }

  /** How the image was made the first time; null when no task has it. */
  howMade(sha256: string): ImageMaking | null {
    const row = this.selectMaking.get({ sha256 });
    if (!row) return null;
    return {
      sha256,
      taskId: row.task_id,
      runId: row.run_id,
      testbedId: row.testbed_id,
      prompt: row.prompt,
      seed: row.seed,
      qualitySteps: row.quality_steps,
      nodeId: row.edge_server_id,
      isSimulated: row.is_simulated === 1,
    };
  }

  /** One page of the gallery: accepted results only. */
  galleryPage(input: GalleryPageInput): Page<GalleryImage> {
    const { where, filter, needsTasks } = conditionsOf(input);
    const rows = this.database
      .prepare<Filter, GalleryRow>(
        `SELECT ti.task_id, ti.run_id, ti.created_at_ms, r.name AS run_name, t.ordinal, t.prompt, t.seed, t.quality_steps,
           t.edge_server_id, COALESCE(n.name, t.edge_server_id) AS node_name, t.service_ms,
           i.sha256, i.size_bytes, i.width_px, i.height_px, i.media_type, i.is_simulated
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
    return { items: rows.map(toGalleryImage), total: total?.total ?? 0 };
  }
}
