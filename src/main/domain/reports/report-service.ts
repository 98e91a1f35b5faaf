// Gathers what a report needs and hands it to the pure builders.
import { readFile } from 'node:fs/promises';
import { computeNodeTimelines } from '../../../scheduling/metrics/run-metrics.js';
import type { ComparisonInput, ExportFormat } from '../../../shared/api/inputs.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import type { TaskRecord } from '../../../shared/run.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { ComparisonService } from '../comparison/comparison-service.js';
import type { ImageService } from '../images/image-service.js';
import type { RunService } from '../runs/run-service.js';
import type { LoadedRun } from '../runs/run-store.js';
import { buildComparisonCsv, buildComparisonHtml, buildComparisonJson } from './comparison-documents.js';
import type { RunReportData } from './report-data.js';
import { buildRunCsv } from './run-csv.js';
import { buildRunHtml, type ReportThumbnail } from './run-html.js';
import { buildRunJson } from './run-json.js';

/** Pictures in an HTML report: about 15 kB each. */
const MAX_THUMBNAILS = 60;

const MEDIA_TYPES: Record<ExportFormat, string> = { csv: 'text/csv', json: 'application/json', html: 'text/html' };

export interface ReportServiceOptions {
  runs: Pick<RunService, 'get'>;
  store: { getRun(id: string): LoadedRun | null; listTasks(runId: string): TaskRecord[] };
  comparison: Pick<ComparisonService, 'compare'>;
  images: Pick<ImageService, 'thumbnailPath'>;
}

/** At most `limit` of them, evenly spread, first and last included. */
function spread<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, index) => items[Math.round((index * (items.length - 1)) / (limit - 1))]).filter(
    (item) => item !== undefined,
  );
}

/** A name that is safe on every file system and in a header. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug || 'run';
}

export class ReportService {
  constructor(private readonly options: ReportServiceOptions) {}

  /** The same database gives the same bytes. */
  async exportRun(runId: string, format: ExportFormat): Promise<ExportedDocument> {
    const data = this.gather(runId);
    const fileName = `${slugOf(data.run.spec.name)}-${slugOf(runId)}.${format}`;
    return { fileName, mediaType: MEDIA_TYPES[format], body: await this.buildRun(data, format) };
  }

  exportComparison(input: ComparisonInput, format: ExportFormat): Promise<ExportedDocument> {
    const builders = { csv: buildComparisonCsv, json: buildComparisonJson, html: buildComparisonHtml };
    return new Promise((resolve) => {
      const body = builders[format](this.options.comparison.compare(input));
      resolve({ fileName: `comparison.${format}`, mediaType: MEDIA_TYPES[format], body });
    });
  }

  private gather(runId: string): RunReportData {
    const run = this.options.runs.get(runId);
    const stored = this.options.store.getRun(runId);
    if (!stored) throw new AppError('not-found', `There is no run ${runId}`, 'List the runs to see which there are.');
    const tasks = this.options.store.listTasks(runId);
    const timelines = computeNodeTimelines(stored.nodesSnapshot, tasks);
    return { run, programVersion: stored.programVersion, nodes: stored.nodesSnapshot, tasks, timelines };
  }

  private async buildRun(data: RunReportData, format: ExportFormat): Promise<string> {
    switch (format) {
      case 'csv':
        return buildRunCsv(data);
      case 'json':
        return buildRunJson(data);
      case 'html':
        return buildRunHtml(data, await this.readThumbnails(data.tasks));
      default:
        return assertNever(format);
    }
  }

  private async readThumbnails(tasks: readonly TaskRecord[]): Promise<ReportThumbnail[]> {
    const chosen = spread(
      tasks.filter((task) => task.imageSha256 !== null),
      MAX_THUMBNAILS,
    );
    const thumbnails = await Promise.all(chosen.map((task) => this.readThumbnail(task)));
    return thumbnails.filter((thumbnail) => thumbnail !== null);
  }

  /** Null for an image that is missing or damaged: the report says how many it shows, and is worth having without it. */
  private async readThumbnail(task: TaskRecord): Promise<ReportThumbnail | null> {
    try {
      const bytes = await readFile(await this.options.images.thumbnailPath(task.imageSha256 ?? ''));
      return { task, dataUri: `data:image/webp;base64,${bytes.toString('base64')}` };
    } catch (thrown) {
      if (thrown instanceof AppError && ['not-found', 'image-damaged', 'io'].includes(thrown.code)) return null;
      throw thrown;
    }
  }
}
