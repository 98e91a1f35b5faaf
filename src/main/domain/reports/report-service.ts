// Gathers what a report needs, has the pure builders make a document of it, and the formats a file of the document.
import { readFile } from 'node:fs/promises';
import { computeNodeTimelines } from '../../../scheduling/metrics/run-metrics.js';
import type { ComparisonInput, ExportFormat } from '../../../shared/api/inputs.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import { quoteWord } from '../../../shared/command-line.js';
import type { ReportDocument, ReportFormat } from '../../../shared/report-document.js';
import type { RunComparison } from '../../../shared/run-comparison.js';
import type { TaskRecord } from '../../../shared/run.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { ComparisonService } from '../comparison/comparison-service.js';
import type { ImageService } from '../images/image-service.js';
import type { RunService } from '../runs/run-service.js';
import type { LoadedRun } from '../runs/run-store.js';
import { buildComparisonDocument } from './documents/comparison-document.js';
import { buildComparisonCsv, buildComparisonJson } from './documents/comparison-exports.js';
import type { RunReportData } from './documents/report-data.js';
import { buildRunCsv } from './documents/run-csv.js';
import { buildRunDocument } from './documents/run-document.js';
import { buildRunJson } from './documents/run-json.js';
import { type ComparisonExportOptions, exportRunComparison } from './documents/run-comparison-exports.js';
import type { ReportPictures } from './formats/pictures.js';
import { renderHtml } from './formats/render-html.js';
import { mediaTypeOf, renderReport } from './render-report.js';

type Picture = ReportPictures extends ReadonlyMap<string, infer Value> ? Value : never;

export interface ReportServiceOptions {
  runs: Pick<RunService, 'get'>;
  store: { getRun(id: string): LoadedRun | null; listTasks(runId: string): TaskRecord[] };
  comparison: Pick<ComparisonService, 'compare'>;
  images: Pick<ImageService, 'thumbnailPath'>;
  /** The fonts that PDF embeds. */
  fontsDir: string;
}

/** What a report is made of. */
export type ReportSubject = { template: 'run'; runId: string } | { template: 'table-v'; comparison: ComparisonInput };

export interface MakeReportOptions {
  formats: readonly ReportFormat[];
  signal?: AbortSignal;
  /** Before each format. */
  onProgress?(format: ReportFormat, position: number): void;
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

  /** The files of a report, in the order of the formats. The same database gives the same bytes. Throws `not-found` and `cancelled`. */
  async make(subject: ReportSubject, { formats, signal, onProgress }: MakeReportOptions): Promise<ExportedDocument<string | Uint8Array>[]> {
    const { document, stem } = this.build(subject);
    const pictures = formats.some(showsPictures) ? await this.readPictures(document) : new Map<string, never>();
    const files: ExportedDocument<string | Uint8Array>[] = [];
    for (const [position, format] of formats.entries()) {
      if (signal?.aborted) throw new AppError('cancelled', 'The report was canceled', 'No file of it was written.');
      onProgress?.(format, position);
      const body = await renderReport(document, format, { pictures, fontsDir: this.options.fontsDir });
      files.push({ fileName: `${stem}-report.${format}`, mediaType: mediaTypeOf(format), body });
    }
    return files;
  }

  /** The same database gives the same bytes. */
  async exportRun(runId: string, format: ExportFormat): Promise<ExportedDocument> {
    const data = this.gather(runId);
    const fileName = `${slugOf(data.run.spec.name)}-${slugOf(runId)}.${format}`;
    return { fileName, mediaType: mediaTypeOf(format), body: await this.exportBody(data, format) };
  }

  async exportComparison(input: ComparisonInput, format: ExportFormat): Promise<ExportedDocument> {
    return { fileName: `comparison.${format}`, mediaType: mediaTypeOf(format), body: await this.comparisonBody(input, format) };
  }

  /** A table or chart of it. Throws `invalid-input` for the picture of a table. */
  exportRunComparison(comparison: RunComparison, options: ComparisonExportOptions): ExportedDocument {
    return exportRunComparison(comparison, options);
  }

  private build(subject: ReportSubject): { document: ReportDocument; stem: string } {
    switch (subject.template) {
      case 'run': {
        const data = this.gather(subject.runId);
        return { document: buildRunDocument(data), stem: `${slugOf(data.run.spec.name)}-${slugOf(subject.runId)}` };
      }
      case 'table-v':
        return { document: this.buildComparison(subject.comparison), stem: 'table-v' };
      default:
        return assertNever(subject);
    }
  }

  private buildComparison(input: ComparisonInput): ReportDocument {
    const comparison = this.options.comparison.compare(input);
    const shownIds = new Set(comparison.rows.flatMap((row) => row.delaySec.flatMap(({ runIds }) => runIds)));
    const runs = [...shownIds].map((id) => this.options.runs.get(id));
    const commandOptions = [
      input.runIds === null ? '' : ` --run ${input.runIds.map(quoteWord).join(' ')}`,
      input.seriesId === undefined ? '' : ` --series ${quoteWord(input.seriesId)}`,
      input.cloudConcurrency === 1 ? '' : ` --concurrency ${input.cloudConcurrency}`,
      input.includeInvalid ? ' --include-invalid' : '',
    ].join('');
    return buildComparisonDocument(comparison, {
      // Else they are left out of the figures, also of those of a series that names them.
      invalidRunIds: new Set(runs.filter(({ validity }) => input.includeInvalid && !validity.isValid).map(({ id }) => id)),
      asOfMs: runs.reduce<number | null>((newest, { finishedAtMs }) => Math.max(newest ?? 0, finishedAtMs ?? 0), null),
      commandOptions,
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

  private async exportBody(data: RunReportData, format: ExportFormat): Promise<string> {
    switch (format) {
      case 'csv':
        return buildRunCsv(data);
      case 'json':
        return buildRunJson(data);
      case 'html':
        return this.html(buildRunDocument(data));
      default:
        return assertNever(format);
    }
  }

  private async comparisonBody(input: ComparisonInput, format: ExportFormat): Promise<string> {
    switch (format) {
      case 'csv':
        return buildComparisonCsv(this.options.comparison.compare(input));
      case 'json':
        return buildComparisonJson(this.options.comparison.compare(input));
      case 'html':
        return this.html(this.buildComparison(input));
      default:
        return assertNever(format);
    }
  }

  private async html(document: ReportDocument): Promise<string> {
    return renderHtml(document, await this.readPictures(document));
  }

  private async readPictures(document: ReportDocument): Promise<ReportPictures> {
    const hashes = new Set(document.blocks.flatMap((block) => (block.kind === 'images' ? block.images.map(({ sha256 }) => sha256) : [])));
    const pictures = await Promise.all([...hashes].map(async (sha256) => [sha256, await this.readPicture(sha256)] as const));
    return new Map(pictures.filter((each): each is [string, Picture] => each[1] !== null));
  }

  /** Null for an image that is missing or damaged: the report says so in its place, and is worth having without it. */
  private async readPicture(sha256: string): Promise<Picture | null> {
    try {
      return { mediaType: 'image/webp', bytes: await readFile(await this.options.images.thumbnailPath(sha256)) };
    } catch (thrown) {
      if (thrown instanceof AppError && ['not-found', 'image-damaged', 'io'].includes(thrown.code)) return null;
      throw thrown;
    }
  }
}

function showsPictures(format: ReportFormat): boolean {
  return format === 'html';
}
