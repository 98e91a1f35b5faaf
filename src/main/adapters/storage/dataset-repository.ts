// Datasets and their prompts.
import { z } from 'zod';
import { DATASET_FORMATS, type Dataset, DELIMITERS, type ImportCounts, type ImportOptions, type Prompt } from '../../../shared/dataset.js';
import type { Page } from '../../../shared/run.js';
import type { Database, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { containsPattern } from './like-pattern.js';
import { wholeMs } from './whole-ms.js';

/** A prompt on its way in; its position in the list is its ordinal. */
export interface NewPrompt {
  text: string;
  imageName: string | null;
}

/** What is known of a dataset only when all of its file was read. */
export type ImportFindings = Pick<Dataset, 'format' | 'sha256' | 'counts'>;

interface DatasetRow {
  id: string;
  name: string;
  format: string;
  source_name: string;
  sha256: string;
  counts_json: string;
  options_json: string;
  prompt_count: number;
  created_at_ms: number;
  is_complete: 0 | 1;
}

interface PromptRow {
  id: number;
  ordinal: number;
  text: string;
  image_name: string | null;
}

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
});
const optionsSchema: z.ZodType<ImportOptions> = z.object({
  keepOneLetter: z.boolean(),
  keepRepeated: z.boolean(),
  delimiter: z.enum(DELIMITERS).optional(),
  columns: z.array(z.string()).optional(),
});
const formatSchema = z.enum(DATASET_FORMATS);

const PROMPT_FILTER = "dataset_id = @datasetId AND (@search = '%%' OR text LIKE @search ESCAPE '\\')";

function toDataset(row: DatasetRow): Dataset {
  return {
    id: row.id,
    name: row.name,
    format: formatSchema.parse(row.format),
    sourceName: row.source_name,
    sha256: row.sha256,
    counts: countsSchema.parse(JSON.parse(row.counts_json)),
    options: optionsSchema.parse(JSON.parse(row.options_json)),
    promptCount: row.prompt_count,
    createdAtMs: row.created_at_ms,
  };
}

function toPrompt(row: PromptRow): Prompt {
  return { id: row.id, ordinal: row.ordinal, text: row.text, imageName: row.image_name };
}

export class DatasetRepository {
  private readonly insertDataset: Statement<DatasetRow, never>;
  private readonly insertPrompt: Statement<{ datasetId: string; ordinal: number; text: string; imageName: string | null }, never>;
  private readonly selectAll: Statement<object, DatasetRow>;
  private readonly selectOne: Statement<{ id: string }, DatasetRow>;
  private readonly completeOne: Statement<Pick<DatasetRow, 'id' | 'format' | 'sha256' | 'counts_json' | 'prompt_count'>, never>;
  private readonly selectNames: Statement<object, { name: string }>;
  private readonly deleteParts: Statement<object, never>;
  private readonly selectPrompts: Statement<{ id: string }, PromptRow>;
  private readonly selectPage: Statement<PromptFilter & { limit: number; offset: number }, PromptRow>;
  private readonly countPage: Statement<PromptFilter, { total: number }>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertDataset = database.prepare(
      insertSql('datasets', [
        ...['id', 'name', 'format', 'source_name', 'sha256', 'counts_json', 'options_json', 'prompt_count', 'created_at_ms', 'is_complete'],
      ]),
    );
    this.insertPrompt = database.prepare(
      'INSERT INTO prompts (dataset_id, ordinal, text, image_name) VALUES (@datasetId, @ordinal, @text, @imageName)',
    );
    this.selectAll = database.prepare('SELECT * FROM datasets WHERE is_complete = 1 ORDER BY created_at_ms, id');
    this.selectOne = database.prepare('SELECT * FROM datasets WHERE id = @id AND is_complete = 1');
    this.completeOne = database.prepare(
      `UPDATE datasets SET format = @format, sha256 = @sha256, counts_json = @counts_json, prompt_count = @prompt_count, is_complete = 1
       WHERE id = @id`,
    );
    this.selectNames = database.prepare('SELECT name FROM datasets');
    this.deleteParts = database.prepare('DELETE FROM datasets WHERE is_complete = 0');
    this.selectPrompts = database.prepare('SELECT * FROM prompts WHERE dataset_id = @id ORDER BY ordinal');
    this.selectPage = database.prepare(`SELECT * FROM prompts WHERE ${PROMPT_FILTER} ORDER BY ordinal LIMIT @limit OFFSET @offset`);
    this.countPage = database.prepare(`SELECT COUNT(*) AS total FROM prompts WHERE ${PROMPT_FILTER}`);
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

  /** A dataset whose prompts come in several transactions; it is not seen before the import is finished. */
  startImport(dataset: Omit<Dataset, keyof ImportFindings | 'promptCount'>): void {
    this.insertDataset.run({
      id: dataset.id,
      name: dataset.name,
      source_name: dataset.sourceName,
      options_json: JSON.stringify(dataset.options),
      created_at_ms: wholeMs(dataset.createdAtMs),
      format: 'plain-text',
      sha256: '0'.repeat(64),
      counts_json: '{}',
      prompt_count: 0,
      is_complete: 0,
    });
  }

  /** Its next prompts, from an ordinal on. */
  append(datasetId: string, firstOrdinal: number, prompts: Iterable<NewPrompt>): void {
    this.database.transaction(() => {
      let ordinal = firstOrdinal;
      for (const { text, imageName } of prompts) this.insertPrompt.run({ datasetId, ordinal: ordinal++, text, imageName });
    });
  }

  /** From here on it is seen. */
  finishImport(datasetId: string, { format, sha256, counts }: ImportFindings): void {
    this.completeOne.run({ id: datasetId, format, sha256, counts_json: JSON.stringify(counts), prompt_count: counts.kept });
  }

  /** What imports left that ended in the middle with their program. */
  deleteIncomplete(): void {
    this.deleteParts.run({});
  }

  /** Of all datasets, those that are being imported too. */
  names(): string[] {
    return this.selectNames.all({}).map(({ name }) => name);
  }

  /** Oldest first. */
  list(): Dataset[] {
    return this.selectAll.all({}).map(toDataset);
  }

  get(id: string): Dataset | null {
    const row = this.selectOne.get({ id });
    return row ? toDataset(row) : null;
  }

  /** Every prompt in the file's order. */
  listPrompts(datasetId: string): Prompt[] {
    return this.selectPrompts.all({ id: datasetId }).map(toPrompt);
  }

  promptPage(input: { datasetId: string; search: string; offset: number; limit: number }): Page<Prompt> {
    const { datasetId, offset, limit } = input;
    const search = containsPattern(input.search);
    const items = this.selectPage.all({ datasetId, search, offset, limit }).map(toPrompt);
    return { items, total: this.countPage.get({ datasetId, search })?.total ?? 0 };
  }

  /** Its prompts go with it; runs keep their copies. */
  delete(id: string): boolean {
    return this.deleteOne.run({ id }) > 0;
  }
}
