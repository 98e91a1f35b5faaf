// Datasets and their prompts.
import { z } from 'zod';
import { DATASET_FORMATS, type Dataset, DELIMITERS, type ImportCounts, type ImportOptions, type Prompt } from '../../../shared/dataset.js';
import type { Page } from '../../../shared/run.js';
import { notInBin } from './bin.js';
import { column, Columns, instant, json, optional, parsed, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { containsPattern } from './like-pattern.js';
import { PICTURE } from './picture-repository.js';
import type { InputPicture } from '../../../shared/service.js';

/** A prompt on its way in; its position in the list is its ordinal. */
export interface NewPrompt {
  text: string;
  imageName: string | null;
  picture?: Pick<InputPicture, 'sha256'> | null;
}

/** What is known of a dataset only when all of its file was read. */
export type ImportFindings = Pick<Dataset, 'format' | 'sha256' | 'counts' | 'pictureCount'>;

interface PromptFilter {
  datasetId: string;
  search: string;
}

const countsSchema: z.ZodType<ImportCounts> = z.object({
  lines: z.number(),
  kept: z.number(),
  blank: z.number(),
  oneLetter: z.number(),
  repeated: z.number(),
  malformed: z.number(),
  malformedAt: z.array(z.number()),
  withoutPicture: z.number().optional(),
});
const optionsSchema: z.ZodType<ImportOptions> = z.object({
  keepOneLetter: z.boolean(),
  keepRepeated: z.boolean(),
  delimiter: z.enum(DELIMITERS).optional(),
  columns: z.array(z.string()).optional(),
});

const PROMPT_FILTER = "dataset_id = @datasetId AND (@search = '%%' OR text LIKE @search ESCAPE '\\')";

const START = new Columns<Omit<Dataset, keyof ImportFindings | 'promptCount'>>({
  id: column('id'),
  name: column('name'),
  sourceName: column('source_name'),
  options: json('options_json', optionsSchema),
  createdAtMs: instant('created_at_ms'),
});
const END = new Columns<ImportFindings & Pick<Dataset, 'promptCount'>>({
  format: parsed('format', z.enum(DATASET_FORMATS)),
  sha256: column('sha256'),
  counts: json('counts_json', countsSchema),
  promptCount: column('prompt_count'),
  pictureCount: column('picture_count'),
});
const DATASET = START.and(END);

const PROMPT = new Columns<Prompt>({
  id: column('id'),
  ordinal: column('ordinal'),
  text: column('text'),
  imageName: column('image_name'),
  picture: optional(PICTURE),
});
/** For PROMPT; `p` is prompts, `c` pictures. */
const PROMPT_COLUMNS = PROMPT.names.map((name) => (PICTURE.names.includes(name) ? `c.${name}` : `p.${name}`)).join(', ');
const PROMPT_TABLES = 'prompts p LEFT JOIN pictures c ON c.sha256 = p.picture_sha256';

export class DatasetRepository {
  private readonly insertDataset: Statement<Row, never>;
  private readonly insertPrompt: Statement<
    { datasetId: string; ordinal: number; text: string; imageName: string | null; pictureSha256: string | null },
    never
  >;
  private readonly selectAll: RawStatement<object, RawRow>;
  private readonly selectOne: RawStatement<{ id: string }, RawRow>;
  private readonly completeOne: Statement<Row, never>;
  private readonly selectNames: Statement<object, { name: string }>;
  private readonly deleteParts: Statement<object, never>;
  private readonly selectPrompts: RawStatement<{ id: string }, RawRow>;
  private readonly selectPage: RawStatement<PromptFilter & { limit: number; offset: number }, RawRow>;
  private readonly countPage: Statement<PromptFilter, { total: number }>;
  private readonly deleteOne: Statement<{ id: string }, never>;
  private readonly updateSource: Statement<{ id: string; folder: string }, never>;

  constructor(private readonly database: Database) {
    this.insertDataset = database.prepare(insertSql('datasets', [...DATASET.names, 'is_complete']));
    this.insertPrompt = database.prepare(
      'INSERT INTO prompts (dataset_id, ordinal, text, image_name, picture_sha256) VALUES (@datasetId, @ordinal, @text, @imageName, @pictureSha256)',
    );
    this.selectAll = database.prepareRaw(
      `SELECT ${DATASET.list()} FROM datasets WHERE is_complete = 1 AND ${notInBin("'dataset'", 'id')} ORDER BY created_at_ms, id`,
    );
    this.selectOne = database.prepareRaw(`SELECT ${DATASET.list()} FROM datasets WHERE id = @id AND is_complete = 1`);
    const findings = END.names.map((name) => `${name} = @${name}`).join(', ');
    this.completeOne = database.prepare(`UPDATE datasets SET ${findings}, is_complete = 1 WHERE id = @id`);
    this.selectNames = database.prepare('SELECT name FROM datasets');
    this.deleteParts = database.prepare('DELETE FROM datasets WHERE is_complete = 0');
    this.selectPrompts = database.prepareRaw(`SELECT ${PROMPT_COLUMNS} FROM ${PROMPT_TABLES} WHERE p.dataset_id = @id ORDER BY p.ordinal`);
    this.selectPage = database.prepareRaw(
      `SELECT ${PROMPT_COLUMNS} FROM ${PROMPT_TABLES} WHERE ${PROMPT_FILTER} ORDER BY p.ordinal LIMIT @limit OFFSET @offset`,
    );
    this.countPage = database.prepare(`SELECT COUNT(*) AS total FROM prompts WHERE ${PROMPT_FILTER}`);
    this.updateSource = database.prepare('UPDATE datasets SET source_folder = @folder WHERE id = @id');
    this.deleteOne = database.prepare('DELETE FROM datasets WHERE id = @id');
  }

  /** The dataset with all its prompts in one transaction. */
  insert(dataset: Dataset, prompts: Iterable<NewPrompt>): void {
    this.database.transaction(() => {
      this.startImport(dataset);
      this.append(dataset.id, 0, prompts);
      this.finishImport(dataset.id, dataset);
    });
  }

  /** Where its pictures came from, absolute. */
  noteSourceFolder(id: string, folder: string): void {
    this.updateSource.run({ id, folder });
  }

  /** A dataset whose prompts come in several transactions; it is not seen before the import is finished. */
  startImport(dataset: Omit<Dataset, keyof ImportFindings | 'promptCount'>): void {
    const unknown = { format: 'plain-text', sha256: '0'.repeat(64), counts_json: '{}', prompt_count: 0, picture_count: 0 };
    this.insertDataset.run({ ...START.toRow(dataset), ...unknown, is_complete: 0 });
  }

  /** Its next prompts, from an ordinal on. */
  append(datasetId: string, firstOrdinal: number, prompts: Iterable<NewPrompt>): void {
    this.database.transaction(() => {
      let ordinal = firstOrdinal;
      for (const { text, imageName, picture } of prompts) {
        this.insertPrompt.run({ datasetId, ordinal: ordinal++, text, imageName, pictureSha256: picture?.sha256 ?? null });
      }
    });
  }

  /** From here on it is seen. */
  finishImport(datasetId: string, { format, sha256, counts, pictureCount }: ImportFindings): void {
    this.completeOne.run({ id: datasetId, ...END.toRow({ format, sha256, counts, pictureCount, promptCount: counts.kept }) });
  }

  /** What imports left that ended in the middle with their program. */
  deleteIncomplete(): void {
    this.deleteParts.run({});
  }

  /** Of all datasets, those that are being imported and those in the bin too. */
  names(): string[] {
    return this.selectNames.all({}).map(({ name }) => name);
  }

  /** Oldest first, without those in the bin. */
  list(): Dataset[] {
    return this.selectAll.all({}).map((row) => DATASET.read(row));
  }

  get(id: string): Dataset | null {
    const row = this.selectOne.get({ id });
    return row ? DATASET.read(row) : null;
  }

  /** Every prompt in the file's order. */
  listPrompts(datasetId: string): Prompt[] {
    return this.selectPrompts.all({ id: datasetId }).map((row) => PROMPT.read(row));
  }

  promptPage(input: { datasetId: string; search: string; offset: number; limit: number }): Page<Prompt> {
    const { datasetId, offset, limit } = input;
    const search = containsPattern(input.search);
    const items = this.selectPage.all({ datasetId, search, offset, limit }).map((row) => PROMPT.read(row));
    return { items, total: this.countPage.get({ datasetId, search })?.total ?? 0 };
  }

  /** Its prompts go with it; runs keep their copies. */
  delete(id: string): boolean {
    return this.deleteOne.run({ id }) > 0;
  }
}
