// Which format is written by what. Libraries of formats load when their format is asked for.
import { assertNever } from '../../../shared/errors.js';
import type { ReportDocument, ReportFormat } from '../../../shared/report-document.js';
import type { ReportPictures } from './formats/pictures.js';
import { renderCsv, renderJson } from './formats/render-data.js';
import { renderHtml } from './formats/render-html.js';
import { renderLatex } from './formats/render-latex.js';
import { renderMarkdown } from './formats/render-markdown.js';

export interface RenderOptions {
  /** WebP for HTML, JPEG for PDF; other formats show none. */
  pictures: ReportPictures;
  /** By SHA-256, where LaTeX finds them: paths from the file on. */
  picturePaths?: ReadonlyMap<string, string>;
  /** The folder of the fonts that PDF embeds. */
  fontsDir: string;
}

const MEDIA_TYPES: Record<ReportFormat, string> = {
  pdf: 'application/pdf',
  html: 'text/html',
  tex: 'application/x-tex',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** One file. The same document and pictures give the same bytes. */
export async function renderReport(document: ReportDocument, format: ReportFormat, options: RenderOptions): Promise<string | Uint8Array> {
  switch (format) {
    case 'html':
      return renderHtml(document, options.pictures);
    case 'pdf':
      return (await import('./formats/render-pdf.js')).renderPdf(document, options.pictures, options.fontsDir);
    case 'xlsx':
      return (await import('./formats/render-xlsx.js')).renderXlsx(document);
    case 'tex':
      return renderLatex(document, options.picturePaths);
    case 'md':
      return renderMarkdown(document);
    case 'csv':
      return renderCsv(document);
    case 'json':
      return renderJson(document);
    default:
      return assertNever(format);
  }
}

export function mediaTypeOf(format: ReportFormat): string {
  return MEDIA_TYPES[format];
}
