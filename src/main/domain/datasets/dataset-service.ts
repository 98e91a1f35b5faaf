import { resolve } from 'node:path';
import type { DatasetSource, ImportDatasetInput } from '../../../shared/api/inputs.js';
import { type Dataset, DEFAULT_IMPORT_OPTIONS, type DatasetPreview, type ImportOptions, type Prompt } from '../../../shared/dataset.js';
import { AppError, notThere } from '../../../shared/errors.js';
import type { Page } from '../../../shared/run.js';
import type { PictureFiles } from '../../adapters/images/picture-files.js';
import type { DatasetRepository } from '../../adapters/storage/dataset-repository.js';
import type { PictureRepository } from '../../adapters/storage/picture-repository.js';
import type { Caption } from './captions/caption-layout.js';
import { parseDataset } from './captions/parse-dataset.js';
import { type CaptionSource, openSource, type SourceLocations } from './open-source.js';

const MAX_NAME_LENGTH = 80;
const PROMPTS_PER_TRANSACTION = 4000;

export interface DatasetServiceOptions {
  datasets: DatasetRepository;
  runs: { unfinishedRunsOf(use: { datasetId: string }): string[] };
  /** Names of the series with this dataset that have runs to start, also between two of them. */
  unfinishedSeriesOf(datasetId: string): string[];
  isInBin(datasetId: string): boolean;
  pictures: Pick<PictureRepository, 'add' | 'dropUnused'>;
  pictureFiles: Pick<PictureFiles, 'store' | 'remove'>;
  sources: SourceLocations;
  newId: () => string;
  /** Wall clock, epoch ms. */
  now: () => number;
}

export class DatasetService {
  private importing = 0;

  constructor(private readonly options: DatasetServiceOptions) {}

  list(): Dataset[] {
    return this.options.datasets.list();
  }

  get(id: string): Dataset {
    const dataset = this.options.datasets.get(id);
    if (!dataset) throw notThere('dataset', id);
    return dataset;
  }

  /** For new work. Throws `not-found`, and `conflict` for one in the bin. */
  getUsable(id: string): Dataset {
    const dataset = this.get(id);
    if (this.options.isInBin(id)) {
      throw new AppError('conflict', `The dataset "${dataset.name}" is in the bin`, 'Restore it from the bin, or choose another.');
    }
    return dataset;
  }

  async preview(source: DatasetSource, options: ImportOptions): Promise<DatasetPreview> {
    const file = await openSource(source, this.options.sources);
    return parseDataset(file, options);
  }

  /** A name that is taken gets a number. Throws `conflict` when the file is not the one that the preview was of. */
  async import(input: ImportDatasetInput): Promise<Dataset> {
    const { newId, now, datasets } = this.options;
    const source = await openSource(input.source, this.options.sources, (picture, bytes) =>
      this.options.pictureFiles.store(picture, bytes),
    );
    const options = { ...DEFAULT_IMPORT_OPTIONS, ...input.options };
    const id = newId();
    const name = this.freeName(input.name ?? source.title ?? source.name.replace(/\.[A-Za-z0-9]{1,5}$/, ''));
    datasets.startImport({ id, name, sourceName: source.name, options, createdAtMs: now() });
    if (input.source.kind === 'folder') datasets.noteSourceFolder(id, resolve(input.source.path));
    this.importing++;
    try {
      const preview = await this.store(id, source, options);
      if (input.sha256 !== undefined && input.sha256 !== preview.sha256) {
        throw new AppError(
          'conflict',
          `"${source.name}" has changed since it was looked at`,
          'Look at it again and import what it holds now.',
        );
      }
      datasets.finishImport(id, { ...preview, pictureCount: preview.pictures?.found ?? 0 });
    } catch (thrown) {
      datasets.delete(id);
      throw thrown;
    } finally {
      this.importing--;
    }
    return this.get(id);
  }

  /** Throws `conflict` when a run that is not finished uses it. */
  requireRemovable(id: string): void {
    const dataset = this.get(id);
    const users = this.options.runs.unfinishedRunsOf({ datasetId: id });
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `A run that is not finished uses the dataset "${dataset.name}"`,
        `Finish or cancel run ${users[0]} first.`,
      );
    }
    const [series] = this.options.unfinishedSeriesOf(id);
    if (series !== undefined) {
      throw new AppError(
        'conflict',
        `The series “${series}” has runs to start with the dataset "${dataset.name}"`,
        'Let it finish, or cancel it first.',
      );
    }
  }

  /** For good, with the pictures that nothing else has; runs keep their prompts. Throws as `requireRemovable`. */
  async remove(id: string): Promise<void> {
    this.requireRemovable(id);
    this.options.datasets.delete(id);
    await this.sweepPictures();
  }

  /** Removes the pictures that no prompt and no task names any more; those of an import that is under way are none of them yet, so it waits for another time. */
  async sweepPictures(): Promise<void> {
    if (this.importing === 0) await this.options.pictureFiles.remove(this.options.pictures.dropUnused());
  }

  prompts(input: { datasetId: string; search: string; offset: number; limit: number }): Page<Prompt> {
    this.get(input.datasetId);
    return this.options.datasets.promptPage(input);
  }

  /** In transactions of some ms each, between which others have their turn. */
  private async store(id: string, source: CaptionSource, options: ImportOptions): Promise<DatasetPreview> {
    let stored = 0;
    let waiting: Caption[] = [];
    const flush = (): void => {
      for (const { picture } of waiting) if (picture) this.options.pictures.add(picture);
      this.options.datasets.append(id, stored, waiting);
      stored += waiting.length;
      waiting = [];
    };
    const preview = await parseDataset(source, options, (captions) => {
      waiting = waiting.concat(captions);
      if (waiting.length >= PROMPTS_PER_TRANSACTION) flush();
    });
    flush();
    return preview;
  }

  private freeName(requested: string): string {
    const name = requested.trim().slice(0, MAX_NAME_LENGTH) || 'Dataset';
    const taken = new Set(this.options.datasets.names());
    if (!taken.has(name)) return name;
    // With room for a number.
    const base = name.slice(0, MAX_NAME_LENGTH - 5);
    let number = 2;
    while (taken.has(`${base} (${number})`)) number++;
    return `${base} (${number})`;
  }
}
