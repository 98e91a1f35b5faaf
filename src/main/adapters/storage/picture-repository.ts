// Input pictures on record. Their bytes are files: src/main/adapters/images/picture-files.ts.
import { type InputPicture, PICTURE_MEDIA_TYPES } from '../../../shared/service.js';
import { z } from 'zod';
import { column, Columns, parsed, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

export const PICTURE = new Columns<InputPicture>({
  sha256: column('sha256'),
  sizeBytes: column('size_bytes'),
  mediaType: parsed('media_type', z.enum(PICTURE_MEDIA_TYPES)),
});

export class PictureRepository {
  private readonly insert: Statement<Row, never>;
  private readonly selectOne: RawStatement<{ sha256: string }, RawRow>;
  private readonly selectFolders: Statement<{ sha256: string }, { folder: string }>;
  private readonly deleteUnused: Statement<object, { sha256: string }>;

  constructor(database: Database) {
    this.insert = database.prepare(`${insertSql('pictures', PICTURE.names)} ON CONFLICT (sha256) DO NOTHING`);
    this.selectOne = database.prepareRaw(`SELECT ${PICTURE.list()} FROM pictures WHERE sha256 = @sha256`);
    this.selectFolders = database.prepare(
      `SELECT DISTINCT source_folder AS folder FROM datasets WHERE source_folder IS NOT NULL
         AND id IN (SELECT dataset_id FROM prompts WHERE picture_sha256 = @sha256)`,
    );
    this.deleteUnused = database.prepare(
      `DELETE FROM pictures WHERE NOT EXISTS (SELECT 1 FROM prompts WHERE picture_sha256 = sha256)
         AND NOT EXISTS (SELECT 1 FROM tasks WHERE picture_sha256 = sha256) RETURNING sha256`,
    );
  }

  add(picture: InputPicture): void {
    this.insert.run(PICTURE.toRow(picture));
  }

  find(sha256: string): InputPicture | null {
    const row = this.selectOne.get({ sha256 });
    return row ? PICTURE.read(row) : null;
  }

  /** Absolute folders that datasets with this picture were imported from. */
  sourceFoldersOf(sha256: string): string[] {
    return this.selectFolders.all({ sha256 }).map(({ folder }) => folder);
  }

  /** Forgets those that no prompt and no task names; returns their hashes, for their files to be removed. */
  dropUnused(): string[] {
    return this.deleteUnused.all({}).map(({ sha256 }) => sha256);
  }
}
