// Datasets and their prompts.
import { z } from 'zod';
import type { Dataset, ImportCounts, ImportOptions, Prompt } from '../../../shared/dataset.js';
import type { Page } from '../../../shared/run.js';
import { column, Columns, instant, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { containsPattern } from './like-pattern.js';

/** A prompt on its way in; its position in the list is its ordinal. */
export interface NewPrompt {
  text: string;
  imageName: string | null;
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
const optionsSchema: z.ZodType<ImportOptions> = z.object({ keepOneLetter: z.boolean(), keepRepeated: z.boolean() });

const PROMPT_FILTER = "dataset_id = @datasetId AND (@search = '%%' OR text LIKE @search ESCAPE '\\')";

const DATASET = new Columns<Dataset>({
  id: column('id'),
  name: column('name'),
  format: column('format'),
  sourceName: column('source_name'),
  sha256: column('sha256'),
  counts: json('counts_json', countsSchema),
  options: json('options_json', optionsSchema),
  promptCount: column('prompt_count'),
  createdAtMs: instant('created_at_ms'),
});

const PROMPT = new Columns<Prompt>({
  id: column('id'),
  ordinal: column('ordinal'),
  text: column('text'),
  imageName: column('image_name'),
});

export class DatasetRepository {
  private readonly insertDataset: Statement<Row, never>;
  private readonly insertPrompt: Statement<{ datasetId: string; ordinal: number; text: string; imageName: string | null }, never>;
  private readonly selectAll: RawStatement<object, RawRow>;
  private readonly selectOne: RawStatement<{ id: string }, RawRow>;
  private readonly selectPrompts: RawStatement<{ id: string }, RawRow>;
  private readonly selectPage: RawStatement<PromptFilter & { limit: number; offset: number }, RawRow>;
  private readonly countPage: Statement<PromptFilter, { total: number }>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertDataset = database.prepare(insertSql('datasets', DATASET.names));
    this.insertPrompt = database.prepare(
      'INSERT INTO prompts (dataset_id, ordinal, text, image_name) VALUES (@datasetId, @ordinal, @text, @imageName)',
    );
    this.selectAll = database.prepareRaw(`SELECT ${DATASET.list()} FROM datasets ORDER BY created_at_ms, id`);
    this.selectOne = database.prepareRaw(`SELECT ${DATASET.list()} FROM datasets WHERE id = @id`);
    this.selectPrompts = database.prepareRaw(`SELECT ${PROMPT.list()} FROM prompts WHERE dataset_id = @id ORDER BY ordinal`);
    this.selectPage = database.prepareRaw(
      `SELECT ${PROMPT.list()} FROM prompts WHERE ${PROMPT_FILTER} ORDER BY ordinal LIMIT @limit OFFSET @offset`,
    );
    this.countPage = database.prepare(`SELECT COUNT(*) AS total FROM prompts WHERE ${PROMPT_FILTER}`);
    this.deleteOne = database.prepare('DELETE FROM datasets WHERE id = @id');
  }

  /** The dataset with all its prompts in one transaction. */
  insert(dataset: Dataset, prompts: Iterable<NewPrompt>): void {
    this.database.transaction(() => {
      this.insertDataset.run(DATASET.toRow(dataset));
      let ordinal = 0;
      for (const { text, imageName } of prompts) this.insertPrompt.run({ datasetId: dataset.id, ordinal: ordinal++, text, imageName });
    });
  }

  /** Oldest first. */
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
