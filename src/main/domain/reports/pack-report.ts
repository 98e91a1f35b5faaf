// A download is one file: a report whose pictures lie beside it becomes an archive of both.
import { strToU8, zipSync } from 'fflate';
import { AppError } from '../../../shared/errors.js';
import type { ExportedDocument } from '../../foundation/exported-document.js';
import type { ReportFile } from './report-service.js';

/** Archives have no earlier year; the same report is the same file at any time. */
const FIRST_DAY = new Date(1980, 0, 1);

export function packReport(file: ReportFile | undefined): ExportedDocument<string | Uint8Array> {
  if (!file) throw new AppError('internal', 'No file was made of the report');
  const { fileName, mediaType, body, pictures } = file;
  if (pictures.length === 0) return { fileName, mediaType, body };
  const entries = [
    [fileName, typeof body === 'string' ? strToU8(body) : body] as const,
    ...pictures.map(({ path, bytes }) => [path, bytes] as const),
  ];
  const archive = zipSync(Object.fromEntries(entries), { mtime: FIRST_DAY });
  return { fileName: `${fileName.replace(/\.([a-z]+)$/, '-$1')}.zip`, mediaType: 'application/zip', body: archive };
}
