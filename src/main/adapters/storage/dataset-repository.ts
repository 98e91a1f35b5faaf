// Datasets and their prompts.
import { z } from 'zod';
import type { Dataset, DatasetFormat, ImportCounts, ImportOptions, Prompt } from '../../../shared/dataset.js';
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

interface DatasetRow {
  id: string;
  name: string;
  format: DatasetFormat;
  source_name: string;
  sha256: string;
  counts_json: string;
  options_json: string;
  prompt_count: number;
  created_at_ms: number;
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
const optionsSchema: z.ZodType<ImportOptions> = z.object({ keepOneLetter: z.boolean(), keepRepeated: z.boolean() });

const PROMPT_FILTER = "dataset_id = @datasetId AND (@search = '%%' OR text LIKE @search ESCAPE '\\')";

function toDataset(row: DatasetRow): Dataset {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
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
  private readonly selectPrompts: Statement<{ id: string }, PromptRow>;
  private readonly selectPage: Statement<PromptFilter & { limit: number; offset: number }, PromptRow>;
  private readonly countPage: Statement<PromptFilter, { total: number }>;
  private readonly deleteOne: Statement<{ id: string }, never>;

  constructor(private readonly database: Database) {
    this.insertDataset = database.prepare(
      insertSql('datasets', [
        ...['id', 'name', 'format', 'source_name', 'sha256', 'counts_json', 'options_json', 'prompt_count', 'created_at_ms'],
      ]),
    );
    this.insertPrompt = database.prepare(
      'INSERT INTO prompts (dataset_id, ordinal, text, image_name) VALUES (@datasetId, @ordinal, @text, @imageName)',
    );
    this.selectAll = database.prepare('SELECT * FROM datasets ORDER BY created_at_ms, id');
    this.selectOne = database.prepare('SELECT * FROM datasets WHERE id = @id');
    this.selectPrompts = database.prepare('SELECT * FROM prompts WHERE dataset_id = @id ORDER BY ordinal');
    this.selectPage = database.prepare(`SELECT * FROM prompts WHERE ${PROMPT_FILTER} ORDER BY ordinal LIMIT @limit OFFSET @offset`);
    this.countPage = database.prepare(`SELECT COUNT(*) AS total FROM prompts WHERE ${PROMPT_FILTER}`);
    this.deleteOne = database.prepare('DELETE FROM datasets WHERE id = @id');
  }

  /** The dataset with all its prompts in one transaction. */
  insert(dataset: Dataset, prompts: Iterable<NewPrompt>): void {
    this.database.transaction(() => {
      this.insertDataset.run({
        id: dataset.id,
        name: dataset.name,
        format: dataset.format,
        source_name: dataset.sourceName,
        sha256: dataset.sha256,
        counts_json: JSON.stringify(dataset.counts),
        options_json: JSON.stringify(dataset.options),
        prompt_count: dataset.promptCount,
        created_at_ms: wholeMs(dataset.createdAtMs),
      });
      let ordinal = 0;
      for (const { text, imageName } of prompts) this.insertPrompt.run({ datasetId: dataset.id, ordinal: ordinal++, text, imageName });
    });
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
