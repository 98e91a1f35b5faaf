// The images that tasks brought home, and those made in the place of lost ones. The bytes are files: see src/main/adapters/images.
import { column, Columns, flag, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

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
  private readonly selectNewestSizes: Statement<{ limit: number }, { sizeBytes: number; isSimulated: number }>;

  constructor(database: Database) {
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
    this.selectNewestSizes = database.prepare(
      `SELECT i.size_bytes AS sizeBytes, i.is_simulated AS isSimulated FROM task_images ti JOIN images i ON i.sha256 = ti.sha256
       ORDER BY ti.created_at_ms DESC, ti.task_id DESC LIMIT @limit`,
    );
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

  /** Of the images that came last. */
  newestSizes(limit: number): { sizeBytes: number; isSimulated: boolean }[] {
    return this.selectNewestSizes.all({ limit }).map(({ sizeBytes, isSimulated }) => ({ sizeBytes, isSimulated: isSimulated === 1 }));
  }
}
