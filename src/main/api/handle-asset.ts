// Bytes for the window, as web-standard requests, so that the web shell (HTTP) and the desktop shell (custom protocol) share them.
// The shells authenticate; this only routes: images, thumbnails, exports, uploads.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { z, ZodError } from 'zod';
import { comparisonInput, exportFormat } from '../../shared/api/inputs.js';
import { seriesExportFormat } from '../../shared/api/series-inputs.js';
import { comparisonExport, comparisonExportFormat, runComparisonInput } from '../../shared/api/run-comparison-inputs.js';
import { AppError } from '../../shared/errors.js';
import { REPORT_FORMATS } from '../../shared/report-document.js';
import type { AppErrorCode } from '../../shared/errors.js';
import { findErrorShape } from './trpc.js';
import { reportInternalError } from '../adapters/log/report-internal-error.js';
import type { Services } from './services.js';
import type { ExportedDocument } from '../foundation/exported-document.js';

export type AssetServices = Pick<
  Services,
  'app' | 'archives' | 'images' | 'imageExport' | 'uploads' | 'reports' | 'storedReports' | 'series' | 'runComparison' | 'log'
>;

const MEDIA_TYPES: Record<string, string> = { '.png': 'image/png', '.webp': 'image/webp', '.jpg': 'image/jpeg' };
const SHA256 = /^[0-9a-f]{64}$/;
/** Larger ones are imported by their path, which copies nothing. */
const MAX_ARCHIVE_BYTES = 16 * 1024 ** 3;

/** Answers an asset request; null when the path is none of ours. Never throws: failures become JSON in the one error shape. */
export async function handleAsset(request: Request, services: AssetServices): Promise<Response | null> {
  const url = new URL(request.url);
  const [area, ...rest] = url.pathname.split('/').filter(Boolean);
  try {
    switch (area) {
      case 'images':
      case 'thumbnails':
        return await sendImage(request, area, rest[0], services);
      case 'exports':
        return await sendExport(request, rest, url, services);
      case 'uploads':
        return await receiveUpload(request, services, rest[0] === 'archive' ? MAX_ARCHIVE_BYTES : undefined);
      default:
        return null;
    }
  } catch (error) {
    const shape = findErrorShape(
      error instanceof ZodError ? error : reportInternalError(services.log, error, { doing: `answering /${area}` }),
    );
    return Response.json(shape, { status: statusOf(error, shape.code) });
  }
}

async function sendImage(
  request: Request,
  area: 'images' | 'thumbnails',
  sha256: string | undefined,
  services: AssetServices,
): Promise<Response> {
  requireMethod(request, 'GET');
  if (!sha256 || !SHA256.test(sha256)) throw new AppError('not-found', 'No image has that name', 'Images are named by their SHA-256.');
  const path = area === 'images' ? await services.images.imagePath(sha256) : await services.images.thumbnailPath(sha256);
  const caching = { etag: `"${sha256}"`, 'cache-control': 'private, no-cache' };
  if (request.headers.get('if-none-match') === caching.etag) return new Response(null, { status: 304, headers: caching });
  const { size } = await stat(path);
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: {
      'content-type': MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
      'content-length': String(size),
      // What is under this name never changes, but it can be lost: that must show, so the window asks again.
      ...caching,
    },
  });
}

async function sendExport(request: Request, rest: string[], url: URL, services: AssetServices): Promise<Response> {
  requireMethod(request, 'GET');
  const [kind, name] = rest;
  if (kind === 'runs' && name) {
    const [id, format] = splitExtension(name);
    return asDownload(await services.reports.exportRun(id, exportFormat.parse(format)));
  }
  if (kind === 'series' && name) {
    const [id, format] = splitExtension(name);
    return asDownload(services.series.export(id, seriesExportFormat.parse(format)));
  }
  if (kind === 'report' && name) {
    const [id, format] = splitExtension(name);
    return asDownload(await services.storedReports.download(id, z.enum(REPORT_FORMATS).parse(format), request.signal));
  }
  if (kind === 'compared-runs' && name) return asDownload(exportComparedRuns(name, url, services));
  if (kind === 'archives' && name) return asStream(await services.archives.download(name));
  if (kind === 'images' && name) return asStream(await services.imageExport.download(name));
  if (kind === 'image' && name) return asDownload(await services.imageExport.one(name));
  const [base, format] = splitExtension(kind ?? '');
  if (base === 'diagnostics' && format === 'zip') return asDownload(await services.app.diagnostics());
  if (base !== 'comparison') throw new AppError('not-found', `Nothing is exported under ${url.pathname}`);
  const runIds = url.searchParams.get('runIds');
  const input = comparisonInput.parse({
    runIds: runIds ? runIds.split(',') : null,
    includeInvalid: url.searchParams.get('includeInvalid') === 'true',
    cloudConcurrency: Number(url.searchParams.get('cloudConcurrency') ?? 1),
  });
  return asDownload(await services.reports.exportComparison(input, exportFormat.parse(format)));
}

/** `/exports/compared-runs/ecdf.svg?runs=a,b&groupBy=scheduler&reference=a&hidden=b&onlyValid=true` */
function exportComparedRuns(name: string, { searchParams }: URL, { runComparison, reports }: AssetServices): ExportedDocument {
  const [base, extension] = splitExtension(name);
  const [what, format] = [comparisonExport.parse(base), comparisonExportFormat.parse(extension)];
  const listOf = (key: string): string[] => searchParams.get(key)?.split(',').filter(Boolean) ?? [];
  const comparison = runComparison.compare(
    runComparisonInput.parse({
      runIds: listOf('runs'),
      groupBy: searchParams.get('groupBy') ?? undefined,
      reference: searchParams.get('reference'),
      hiddenIds: listOf('hidden'),
      onlyValid: searchParams.get('onlyValid') === 'true',
    }),
  );
  const countedIds = comparison.runs.filter(({ leftOut }) => leftOut === null).map(({ id }) => id);
  const timelines = what === 'timeline' ? runComparison.timelines(countedIds) : [];
  return reports.exportRunComparison(comparison, { what, format, timelines });
}

async function receiveUpload(request: Request, services: AssetServices, maxBytes?: number): Promise<Response> {
  requireMethod(request, 'POST');
  if (!request.body) throw new AppError('invalid-input', 'The upload has no body', 'Choose a file that is not empty.');
  const fileName = decodeFileName(request.headers.get('x-file-name') ?? 'upload');
  return Response.json(await services.uploads.receive(request.body, fileName, maxBytes));
}

function decodeFileName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (thrown) {
    throw new AppError('invalid-input', 'The header x-file-name is not percent-encoded UTF-8', 'Encode the file name as in a URL.', {
      cause: thrown,
    });
  }
}

function splitExtension(name: string): [string, string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
}

function asDownload(document: ExportedDocument<string | Uint8Array>): Response {
  const body = typeof document.body === 'string' ? document.body : new Uint8Array(document.body);
  return new Response(body, {
    headers: {
      'content-type': typeof document.body === 'string' ? `${document.mediaType}; charset=utf-8` : document.mediaType,
      'content-disposition': `attachment; filename="${document.fileName.replace(/[^A-Za-z0-9._-]/g, '_')}"`,
      'cache-control': 'no-store',
    },
  });
}

function asStream({ fileName, sizeBytes, body }: { fileName: string; sizeBytes: number; body: ReadableStream<Uint8Array> }): Response {
  return new Response(body, {
    headers: {
      'content-type': 'application/zip',
      'content-length': String(sizeBytes),
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  });
}

function requireMethod(request: Request, method: string): void {
  if (request.method !== method) throw new AppError('invalid-input', `${request.method} is not answered here`, `Use ${method}.`);
}

function statusOf(error: unknown, code: AppErrorCode): number {
  if (error instanceof ZodError) return 400;
  if (code === 'not-found' || code === 'image-damaged') return 404;
  return code === 'internal' ? 500 : 400;
}
