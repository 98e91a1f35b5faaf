import { createHash } from 'node:crypto';
import type { DatasetSource, ImportDatasetInput } from '../../../shared/api/inputs.js';
import { type Dataset, DEFAULT_IMPORT_OPTIONS, type DatasetPreview, type ImportOptions, type Prompt } from '../../../shared/dataset.js';
import { AppError } from '../../../shared/errors.js';
import type { Page } from '../../../shared/run.js';
import type { DatasetRepository } from '../../adapters/storage/dataset-repository.js';
import { parseDataset } from './parse-dataset.js';
import { readSource, type SourceLocations } from './read-source.js';

const MAX_NAME_LENGTH = 80;

export interface DatasetServiceOptions {
  datasets: DatasetRepository;
  runs: { unfinishedRunsOf(use: { datasetId: string }): string[] };
  sources: SourceLocations;
  newId: () => string;
  /** Wall clock, epoch ms. */
  now: () => number;
}

export class DatasetService {
  constructor(private readonly options: DatasetServiceOptions) {}

  list(): Dataset[] {
    return this.options.datasets.list();
  }

  get(id: string): Dataset {
    const dataset = this.options.datasets.get(id);
    if (!dataset) throw new AppError('not-found', `There is no dataset ${id}`, 'List the datasets to see which there are.');
    return dataset;
  }

  async preview(source: DatasetSource, options: ImportOptions): Promise<DatasetPreview> {
    const { bytes, name } = await readSource(source, this.options.sources);
    return parseDataset(bytes, name, options).preview;
  }

  /** A name that is taken gets a number. */
  async import(input: ImportDatasetInput): Promise<Dataset> {
    const { datasets, newId, now } = this.options;
    const source = await readSource(input.source, this.options.sources);
    const options = { ...DEFAULT_IMPORT_OPTIONS, ...input.options };
    const { preview, prompts } = parseDataset(source.bytes, source.name, options);
    const dataset: Dataset = {
      id: newId(),
      name: this.freeName(input.name ?? source.name.replace(/\.[A-Za-z0-9]{1,5}$/, '')),
      format: preview.format,
      sourceName: source.name,
      sha256: createHash('sha256').update(source.bytes).digest('hex'),
      counts: preview.counts,
      options,
      promptCount: preview.counts.kept,
      createdAtMs: now(),
    };
    datasets.insert(dataset, prompts());
    return dataset;
  }

  /** Throws `conflict` when a run that is not finished uses it. */
  remove(id: string): void {
    const dataset = this.get(id);
    const users = this.options.runs.unfinishedRunsOf({ datasetId: id });
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `A run that is not finished uses the dataset "${dataset.name}"`,
        `Finish or cancel run ${users[0]} first.`,
      );
    }
    this.options.datasets.delete(id);
  }

  prompts(input: { datasetId: string; search: string; offset: number; limit: number }): Page<Prompt> {
    this.get(input.datasetId);
    return this.options.datasets.promptPage(input);
  }

  private freeName(wanted: string): string {
    const base = wanted.trim().slice(0, MAX_NAME_LENGTH - 5) || 'Dataset';
    const taken = new Set(this.list().map((dataset) => dataset.name));
    if (!taken.has(base)) return base;
    let number = 2;
    while (taken.has(`${base} (${number})`)) number++;
    return `${base} (${number})`;
  }
}
