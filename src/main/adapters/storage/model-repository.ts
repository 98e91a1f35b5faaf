// Models with their parts and files.
import { z } from 'zod';
import {
  acceptedLicenseSchema,
  type Model,
  type ModelFamily,
  type ModelFile,
  type ModelLayout,
  type ModelPart,
} from '../../../shared/model.js';
import type { Database, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

/** A model as it is on record: whether its bytes are still there is not the database's to know. */
export type StoredModel = Omit<Model, 'isPresent'>;

interface ModelRow {
  id: string;
  name: string;
  path: string;
  layout: ModelLayout;
  family: ModelFamily;
  size_bytes: number;
  sha256: string;
  added_at_ms: number;
  left_out_json: string;
  license_json: string | null;
  refined_from_sha256: string | null;
}

interface PartRow {
  model_id: string;
  ordinal: number;
  name: ModelPart['name'];
  tensor_count: number;
  size_bytes: number;
  dtypes_json: string;
}

interface FileRow {
  model_id: string;
  ordinal: number;
  path: string;
  size_bytes: number;
  sha256: string;
}

const namesSchema = z.array(z.string());

export class ModelRepository {
  private readonly insertModel: Statement<ModelRow, never>;
  private readonly insertPart: Statement<PartRow, never>;
  private readonly insertFile: Statement<FileRow, never>;
  private readonly selectAll: Statement<object, ModelRow>;
  private readonly selectOne: Statement<{ id: string }, ModelRow>;
  private readonly selectByPath: Statement<{ path: string }, ModelRow>;
  private readonly selectParts: Statement<{ id: string }, PartRow>;
  private readonly selectFiles: Statement<{ id: string }, FileRow>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertModel = database.prepare(
      insertSql('models', [
        'id',
        'name',
        'path',
        'layout',
        'family',
        'size_bytes',
        'sha256',
        'added_at_ms',
        'left_out_json',
        'license_json',
        'refined_from_sha256',
      ]),
    );
    this.insertPart = database.prepare(
      insertSql('model_parts', ['model_id', 'ordinal', 'name', 'tensor_count', 'size_bytes', 'dtypes_json']),
    );
    this.insertFile = database.prepare(insertSql('model_files', ['model_id', 'ordinal', 'path', 'size_bytes', 'sha256']));
    this.selectAll = database.prepare('SELECT * FROM models ORDER BY added_at_ms, id');
    this.selectOne = database.prepare('SELECT * FROM models WHERE id = @id');
    this.selectByPath = database.prepare('SELECT * FROM models WHERE path = @path');
    this.selectParts = database.prepare('SELECT * FROM model_parts WHERE model_id = @id ORDER BY ordinal');
    this.selectFiles = database.prepare('SELECT * FROM model_files WHERE model_id = @id ORDER BY ordinal');
    this.deleteOne = database.prepare('DELETE FROM models WHERE id = @id');
  }

  /** Puts the model on record in the place of the one with its id, if there is one. */
  save(model: StoredModel): void {
    this.database.transaction(() => {
      this.deleteOne.run({ id: model.id });
      this.insertModel.run({
        id: model.id,
        name: model.name,
        path: model.path,
        layout: model.layout,
        family: model.family,
        size_bytes: model.sizeBytes,
        sha256: model.sha256,
        added_at_ms: wholeMs(model.addedAtMs),
        left_out_json: JSON.stringify(model.leftOut),
        license_json: model.license && JSON.stringify(model.license),
        refined_from_sha256: model.refinedFromSha256,
      });
      model.parts.forEach((part, ordinal) => {
        this.insertPart.run({
          model_id: model.id,
          ordinal,
          name: part.name,
          tensor_count: part.tensorCount,
          size_bytes: part.sizeBytes,
          dtypes_json: JSON.stringify(part.dtypes),
        });
      });
      model.files.forEach((file, ordinal) => {
        this.insertFile.run({ model_id: model.id, ordinal, path: file.path, size_bytes: file.sizeBytes, sha256: file.sha256 });
      });
    });
  }

  /** Oldest first. */
  list(): StoredModel[] {
    return this.selectAll.all({}).map((row) => this.toModel(row));
  }

  get(id: string): StoredModel | null {
    const row = this.selectOne.get({ id });
    return row ? this.toModel(row) : null;
  }

  findByPath(path: string): StoredModel | null {
    const row = this.selectByPath.get({ path });
    return row ? this.toModel(row) : null;
  }

  delete(id: string): boolean {
    return this.deleteOne.run({ id }) > 0;
  }

  private toModel(row: ModelRow): StoredModel {
    const parts: ModelPart[] = this.selectParts.all({ id: row.id }).map((part) => ({
      name: part.name,
      tensorCount: part.tensor_count,
      sizeBytes: part.size_bytes,
      dtypes: namesSchema.parse(JSON.parse(part.dtypes_json)),
    }));
    const files: ModelFile[] = this.selectFiles
      .all({ id: row.id })
      .map((file) => ({ path: file.path, sizeBytes: file.size_bytes, sha256: file.sha256 }));
    return {
      id: row.id,
      name: row.name,
      path: row.path,
      layout: row.layout,
      family: row.family,
      parts,
      files,
      sizeBytes: row.size_bytes,
      sha256: row.sha256,
      addedAtMs: row.added_at_ms,
      leftOut: namesSchema.parse(JSON.parse(row.left_out_json)),
      license: row.license_json === null ? null : acceptedLicenseSchema.parse(JSON.parse(row.license_json)),
      refinedFromSha256: row.refined_from_sha256,
    };
  }
}
