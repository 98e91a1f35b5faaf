// Makes reports: a document of what was measured, and files of the document.
import { readFile } from 'node:fs/promises';
import type { ComparisonInput, ExportFormat } from '../../../shared/api/inputs.js';
import { AppError, assertNever } from '../../../shared/errors.js';
import type { ReportSubject, StoredReportBlock } from '../../../shared/report-composition.js';
import { listImages, type ReportDocument, type ReportFormat } from '../../../shared/report-document.js';
import type { RunComparison } from '../../../shared/run-comparison.js';
import type { ThumbnailKind } from '../../adapters/images/image-paths.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { ImageService } from '../images/image-service.js';
import { composeReport, type ComposedReport } from './compose-report.js';
import { buildComparisonDocument } from './documents/comparison-document.js';
import { buildComparisonCsv, buildComparisonJson } from './documents/comparison-exports.js';
import { nameRun, type RunReportData } from './documents/report-data.js';
import { buildRunCsv } from './documents/run-csv.js';
import { buildRunDocument } from './documents/run-document.js';
import { buildRunJson } from './documents/run-json.js';
import { type ComparisonExportOptions, exportRunComparison } from './documents/run-comparison-exports.js';
import type { ReportPicture, ReportPictures } from './formats/pictures.js';
import { renderHtml } from './formats/render-html.js';
import { mediaTypeOf, renderReport } from './render-report.js';
import type { ReportSources } from './report-sources.js';
import { sourcesOf } from './report-templates.js';

export interface ReportServiceOptions {
  sources: ReportSources;
  images: Pick<ImageService, 'thumbnailPath'>;
  /** The fonts that PDF embeds. */
  fontsDir: string;
}

export interface MakeReportOptions {
  formats: readonly ReportFormat[];
  signal?: AbortSignal;
  /** Before each format. */
  onProgress?(format: ReportFormat, position: number): void;
}

/** A file of a report, with the pictures that have to lie beside it. */
export interface ReportFile extends ExportedDocument<string | Uint8Array> {
  /** Paths from the file on; LaTeX alone has any. */
  pictures: readonly { path: string; bytes: Uint8Array }[];
}

const NEVER = new AbortController().signal;

/** A name that is safe on every file system and in a header. */
export function slugOf(name: string, otherwise = 'run'): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug || otherwise;
}

export class ReportService {
  constructor(private readonly options: ReportServiceOptions) {}

  /** The files of a template's report, in the order of the formats. The same database gives the same bytes. Throws `not-found` and `cancelled`. */
  async make(subject: ReportSubject, options: MakeReportOptions): Promise<ReportFile[]> {
    const { document, stem } = await this.build(subject, options.signal ?? NEVER);
    return this.write(document, `${stem}-report`, options);
  }

  /** Blocks that are kept, with the figures of now. Throws `cancelled`. */
  compose(report: { title: string; blocks: readonly StoredReportBlock[] }, signal = NEVER): Promise<ComposedReport> {
    const { sources } = this.options;
    return composeReport(report, { section: (source) => sources.section(source, signal), inBin: (source) => sources.inBin(source) });
  }

  /** Files of a document, named by `stem`. Throws `cancelled`. */
  async write(document: ReportDocument, stem: string, { formats, signal, onProgress }: MakeReportOptions): Promise<ReportFile[]> {
    const files: ReportFile[] = [];
    const jpegs = formats.some((format) => format === 'pdf' || format === 'tex') ? await this.readPictures(document, 'jpg') : NO_PICTURES;
    for (const [position, format] of formats.entries()) {
      if (signal?.aborted) throw new AppError('cancelled', 'The report was canceled', 'No file of it was written.');
      onProgress?.(format, position);
      const pictures = format === 'html' ? await this.readPictures(document, 'webp') : jpegs;
      const named = [...jpegs].map(([sha256, { bytes }]) => ({ sha256, path: `${stem}-images/${sha256}.jpg`, bytes }));
      const picturePaths = new Map(named.map(({ sha256, path }) => [sha256, path]));
      const body = await renderReport(document, format, { pictures, picturePaths, fontsDir: this.options.fontsDir });
      const beside = format === 'tex' ? named.map(({ path, bytes }) => ({ path, bytes })) : [];
      files.push({ fileName: `${stem}.${format}`, mediaType: mediaTypeOf(format), body, pictures: beside });
    }
    return files;
  }

  /** The same database gives the same bytes. */
  async exportRun(runId: string, format: ExportFormat): Promise<ExportedDocument> {
    const { sources } = this.options;
    const data = format === 'html' ? await sources.runWithPrediction(runId, NEVER) : sources.run(runId);
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

  private async build(subject: ReportSubject, signal: AbortSignal): Promise<{ document: ReportDocument; stem: string }> {
    const { sources } = this.options;
    if (subject.template === 'table-v') {
      const { comparison, marks } = sources.comparison(subject.comparison);
      return { document: buildComparisonDocument(comparison, marks), stem: 'table-v' };
    }
    if (subject.template === 'run') {
      const data = await sources.runWithPrediction(subject.id, signal);
      return { document: buildRunDocument(data), stem: `${slugOf(nameRun(data.run))}-${slugOf(subject.id)}` };
    }
    const blocks = sourcesOf(subject).map((source, index) => ({ id: String(index), source, recordName: sources.nameOf(source) }));
    const name = blocks[0]?.recordName ?? subject.id;
    const { document } = await this.compose({ title: name, blocks }, signal);
    return { document, stem: `${slugOf(name, subject.template)}-${slugOf(subject.id)}` };
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
    const { comparison, marks } = this.options.sources.comparison(input);
    switch (format) {
      case 'csv':
        return buildComparisonCsv(comparison);
      case 'json':
        return buildComparisonJson(comparison);
      case 'html':
        return this.html(buildComparisonDocument(comparison, marks));
      default:
        return assertNever(format);
    }
  }

  private async html(document: ReportDocument): Promise<string> {
    return renderHtml(document, await this.readPictures(document, 'webp'));
  }

  private async readPictures(document: ReportDocument, kind: ThumbnailKind): Promise<ReportPictures> {
    const hashes = new Set(listImages(document).map(({ sha256 }) => sha256));
    const pictures = await Promise.all([...hashes].map(async (sha256) => [sha256, await this.readPicture(sha256, kind)] as const));
    return new Map(pictures.filter((each): each is [string, ReportPicture] => each[1] !== null));
  }

  /** Null for an image that is missing or damaged: the report says so in its place, and is worth having without it. */
  private async readPicture(sha256: string, kind: ThumbnailKind): Promise<ReportPicture | null> {
    try {
      const bytes = await readFile(await this.options.images.thumbnailPath(sha256, kind));
      return { mediaType: kind === 'jpg' ? 'image/jpeg' : 'image/webp', bytes };
    } catch (thrown) {
      if (thrown instanceof AppError && ['not-found', 'image-damaged', 'io'].includes(thrown.code)) return null;
      throw thrown;
    }
  }
}

const NO_PICTURES: ReportPictures = new Map();
