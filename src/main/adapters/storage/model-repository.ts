// Models with their parts and files.
import { z } from 'zod';
import { acceptedLicenseSchema, type Model, type ModelFile, type ModelPart } from '../../../shared/model.js';
import { notInBin } from './bin.js';
import { column, Columns, instant, json, nullableJson, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

/** A model as it is on record: whether its bytes are still there, and as they were, is not the database's to know. */
export type StoredModel = Omit<Model, 'isPresent' | 'lastRead'>;

const MODEL = new Columns<Omit<StoredModel, 'parts' | 'files'>>({
  id: column('id'),
  name: column('name'),
  path: column('path'),
  layout: column('layout'),
  family: column('family'),
  sizeBytes: column('size_bytes'),
  sha256: column('sha256'),
  addedAtMs: instant('added_at_ms'),
  leftOut: json('left_out_json', z.array(z.string())),
  license: nullableJson('license_json', acceptedLicenseSchema),
  refinedFromSha256: column('refined_from_sha256'),
});

/** Whose part or file it is, and the how manieth. */
const MEMBER = new Columns<{ modelId: string; ordinal: number }>({ modelId: column('model_id'), ordinal: column('ordinal') });

const PART = new Columns<ModelPart>({
  name: column('name'),
  tensorCount: column('tensor_count'),
  sizeBytes: column('size_bytes'),
  dtypes: json('dtypes_json', z.array(z.string())),
});

const FILE = new Columns<ModelFile>({ path: column('path'), sizeBytes: column('size_bytes'), sha256: column('sha256') });

export class ModelRepository {
  private readonly insertModel: Statement<Row, never>;
  private readonly insertPart: Statement<Row, never>;
  private readonly insertFile: Statement<Row, never>;
  private readonly selectAll: RawStatement<object, RawRow>;
  private readonly selectOne: RawStatement<{ id: string }, RawRow>;
  private readonly selectBySha256: RawStatement<{ sha256: string }, RawRow>;
  private readonly selectByPath: RawStatement<{ path: string }, RawRow>;
  private readonly selectParts: RawStatement<{ id: string }, RawRow>;
  private readonly selectFiles: RawStatement<{ id: string }, RawRow>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertModel = database.prepare(insertSql('models', MODEL.names));
    this.insertPart = database.prepare(insertSql('model_parts', [...MEMBER.names, ...PART.names]));
    this.insertFile = database.prepare(insertSql('model_files', [...MEMBER.names, ...FILE.names]));
    this.selectAll = database.prepareRaw(`SELECT ${MODEL.list()} FROM models WHERE ${notInBin("'model'", 'id')} ORDER BY added_at_ms, id`);
    this.selectBySha256 = database.prepareRaw(`SELECT ${MODEL.list()} FROM models WHERE sha256 = @sha256 ORDER BY added_at_ms, id`);
    this.selectOne = database.prepareRaw(`SELECT ${MODEL.list()} FROM models WHERE id = @id`);
    this.selectByPath = database.prepareRaw(`SELECT ${MODEL.list()} FROM models WHERE path = @path`);
    this.selectParts = database.prepareRaw(`SELECT ${PART.list()} FROM model_parts WHERE model_id = @id ORDER BY ordinal`);
    this.selectFiles = database.prepareRaw(`SELECT ${FILE.list()} FROM model_files WHERE model_id = @id ORDER BY ordinal`);
    this.deleteOne = database.prepare('DELETE FROM models WHERE id = @id');
  }

  /** Puts the model on record in the place of the one with its id, if there is one; what was in the bin is no longer there. */
  save(model: StoredModel): void {
    this.database.transaction(() => {
      this.deleteOne.run({ id: model.id });
      this.insertModel.run(MODEL.toRow(model));
      const modelId = model.id;
      model.parts.forEach((part, ordinal) => this.insertPart.run({ ...MEMBER.toRow({ modelId, ordinal }), ...PART.toRow(part) }));
      model.files.forEach((file, ordinal) => this.insertFile.run({ ...MEMBER.toRow({ modelId, ordinal }), ...FILE.toRow(file) }));
    });
  }

  /** Oldest first, without those in the bin. */
  list(): StoredModel[] {
    return this.selectAll.all({}).map((row) => this.toModel(row));
  }

  get(id: string): StoredModel | null {
    const row = this.selectOne.get({ id });
    return row ? this.toModel(row) : null;
  }

  /** What has these bytes, the oldest first; in the bin or not. */
  findBySha256(sha256: string): StoredModel | null {
    const row = this.selectBySha256.get({ sha256 });
    return row ? this.toModel(row) : null;
  }

  findByPath(path: string): StoredModel | null {
    const row = this.selectByPath.get({ path });
    return row ? this.toModel(row) : null;
  }

  delete(id: string): boolean {
    return this.deleteOne.run({ id }) > 0;
  }

  private toModel(row: RawRow): StoredModel {
    const model = MODEL.read(row);
    const parts = this.selectParts.all({ id: model.id }).map((part) => PART.read(part));
    const files = this.selectFiles.all({ id: model.id }).map((file) => FILE.read(file));
    return { ...model, parts, files };
  }
}
