// What the bin shows of what is in it, and which files hang on that alone.
import type { BinEntry, BinItem } from '../../../shared/bin.js';
import type { Database, Statement } from './database.js';

const BINNED = (kind: string): string => `SELECT id FROM history_marks WHERE kind = '${kind}' AND binned_at_ms IS NOT NULL`;

/** Of `m`, a mark: null where its kind has no such thing. */
const NAME = `CASE m.kind WHEN 'run' THEN (SELECT name FROM runs WHERE id = m.id)
  WHEN 'dataset' THEN (SELECT name FROM datasets WHERE id = m.id AND is_complete = 1)
  WHEN 'model' THEN (SELECT name FROM models WHERE id = m.id)
  WHEN 'report' THEN (SELECT title FROM reports WHERE id = m.id)
  WHEN 'testbed' THEN (SELECT name FROM testbeds WHERE id = m.id)
  WHEN 'provisioning' THEN (SELECT title || ' ' || subject_name FROM jobs WHERE id = m.id)
  WHEN 'calibration' THEN (SELECT title || ' ' || subject_name FROM jobs WHERE id = m.id)
  ELSE (SELECT subject_name FROM jobs WHERE id = m.id AND kind = m.kind) END`;
const COUNT = `CASE m.kind WHEN 'run' THEN (SELECT spec_json ->> '$.taskCount' FROM runs WHERE id = m.id)
  WHEN 'dataset' THEN (SELECT prompt_count FROM datasets WHERE id = m.id)
  WHEN 'report' THEN (SELECT json_array_length(blocks_json) FROM reports WHERE id = m.id)
  WHEN 'testbed' THEN (SELECT count(*) FROM nodes WHERE testbed_id = m.id) END`;
const PLACE = `CASE m.kind WHEN 'run' THEN (SELECT testbed_name FROM runs WHERE id = m.id)
  WHEN 'series' THEN (SELECT testbed_name FROM series WHERE id = m.id)
  WHEN 'provisioning' THEN (SELECT subject_name FROM jobs WHERE id = m.id)
  WHEN 'calibration' THEN (SELECT subject_name FROM jobs WHERE id = m.id)
  WHEN 'model' THEN (SELECT path FROM models WHERE id = m.id) END`;

/** Images that runs outside the bin have too stay when it is emptied; one that several in it have is counted with each. */
const RUN_BYTES = `SELECT id, sum(size_bytes) AS bytes FROM (
    SELECT DISTINCT mine.run_id AS id, i.sha256, i.size_bytes FROM task_images mine JOIN images i ON i.sha256 = mine.sha256
    WHERE mine.run_id IN (${BINNED('run')})
      AND NOT EXISTS (SELECT 1 FROM task_images other WHERE other.sha256 = i.sha256 AND other.run_id NOT IN (${BINNED('run')}))
  ) GROUP BY id`;
/** Pictures of prompts in the bin that nothing outside it names. */
const DATASET_PICTURES = `SELECT DISTINCT mine.dataset_id AS id, c.sha256, c.size_bytes FROM prompts mine JOIN pictures c ON c.sha256 = mine.picture_sha256
  WHERE mine.dataset_id IN (${BINNED('dataset')})
    AND NOT EXISTS (SELECT 1 FROM prompts other WHERE other.picture_sha256 = c.sha256 AND other.dataset_id NOT IN (${BINNED('dataset')}))
    AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.picture_sha256 = c.sha256 AND t.run_id NOT IN (${BINNED('run')}))`;

type Bytes = { id: string; bytes: number };

export class BinRepository {
  readonly #selectAll: Statement<object, Omit<BinEntry, 'sizeBytes' | 'name'> & { name: string | null }>;
  readonly #selectName: Statement<BinItem, { name: string | null }>;
  readonly #selectRunBytes: Statement<object, Bytes>;
  readonly #selectDatasetBytes: Statement<object, Bytes>;
  readonly #selectPictureBytes: Statement<object, { bytes: number | null }>;
  readonly #selectPictures: Statement<{ id: string }, { sha256: string }>;

  constructor(database: Database) {
    this.#selectAll = database.prepare(
      `SELECT m.kind, m.id, ${NAME} AS name, ${COUNT} AS count, ${PLACE} AS place, m.binned_at_ms AS binnedAtMs
       FROM history_marks m WHERE m.binned_at_ms IS NOT NULL ORDER BY m.binned_at_ms DESC, m.kind, m.id`,
    );
    this.#selectName = database.prepare(`SELECT ${NAME} AS name FROM (SELECT @kind AS kind, @id AS id) m`);
    this.#selectRunBytes = database.prepare(RUN_BYTES);
    this.#selectDatasetBytes = database.prepare(`SELECT id, sum(size_bytes) AS bytes FROM (${DATASET_PICTURES}) GROUP BY id`);
    this.#selectPictureBytes = database.prepare(
      `SELECT sum(size_bytes) AS bytes FROM (SELECT DISTINCT sha256, size_bytes FROM (${DATASET_PICTURES}))`,
    );
    this.#selectPictures = database.prepare(
      'SELECT DISTINCT picture_sha256 AS sha256 FROM prompts WHERE dataset_id = @id AND picture_sha256 IS NOT NULL',
    );
  }

  /** What went in last comes first; without the sizes of what has files. */
  list(): Omit<BinEntry, 'sizeBytes'>[] {
    return this.#selectAll.all({}).map(({ name, ...entry }) => ({ ...entry, name: name ?? entry.id }));
  }

  /** In the bin or not; null where there is no such thing. */
  nameOf({ kind, id }: BinItem): string | null {
    return this.#selectName.get({ kind, id })?.name ?? null;
  }

  /** Bytes by the id of a run or dataset in the bin. */
  fileBytes(): ReadonlyMap<string, number> {
    const rows = [...this.#selectRunBytes.all({}), ...this.#selectDatasetBytes.all({})];
    return new Map(rows.map(({ id, bytes }) => [id, bytes]));
  }

  /** Of pictures that only datasets and runs in the bin name. */
  pictureBytes(): number {
    return this.#selectPictureBytes.get({})?.bytes ?? 0;
  }

  /** Hashes of all that a dataset has; another may have them, too. */
  picturesOf(datasetId: string): string[] {
    return this.#selectPictures.all({ id: datasetId }).map(({ sha256 }) => sha256);
  }
}
