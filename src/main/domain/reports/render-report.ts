// Which format is written by what. Libraries of formats load when their format is asked for.
import { assertNever } from '../../../shared/errors.js';
import type { ReportDocument, ReportFormat } from '../../../shared/report-document.js';
import type { ReportPictures } from './formats/pictures.js';
import { renderCsv, renderJson } from './formats/render-data.js';
import { renderHtml } from './formats/render-html.js';
import { renderMarkdown } from './formats/render-markdown.js';

const MEDIA_TYPES: Record<ReportFormat, string> = {
  html: 'text/html',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
};

/** One file. The same document and pictures give the same bytes. */
export async function renderReport(document: ReportDocument, format: ReportFormat, pictures: ReportPictures): Promise<string | Uint8Array> {
  switch (format) {
    case 'html':
      return renderHtml(document, pictures);
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
