// A stand-in for Electron's download site on the loopback, which can be slow, broken or wrong in the ways that real ones and the networks
// before them are.
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What it does with the next requests. */
export type MirrorMode =
  | { kind: 'good' }
  | { kind: 'status'; status: number }
  | { kind: 'page' }
  /** Takes the request and says nothing. */
  | { kind: 'hang' }
  /** Says nothing past this many bytes of the file, or not before `until`. */
  | { kind: 'stall'; afterBytes: number; until?: Promise<void> }
  /** Breaks the connection after this many bytes of the first request; later ones are whole. */
  | { kind: 'cut'; afterBytes: number }
  | { kind: 'slow'; chunkBytes: number; everyMs: number };

export interface ElectronMirror {
  /** For ELECTRON_MIRROR. */
  url: string;
  mode: MirrorMode;
  content: Buffer;
  /** Null for a server that names no version of its file. */
  etag: string | null;
  takesRanges: boolean;
  /** The `Range` of every request so far; null where it asked for all. */
  asked: (string | null)[];
  /** Paths of the requests so far. */
  paths: string[];
  close(): Promise<void>;
}

export async function startElectronMirror(content: Buffer, identity?: { key: string; cert: string }): Promise<ElectronMirror> {
  const mirror: ElectronMirror = {
    url: '',
    mode: { kind: 'good' },
    content,
    etag: '"first"',
    takesRanges: true,
    asked: [],
    paths: [],
    close: () => closeServer(server),
  };
  const answer: RequestListener = (request, response) => void respond(mirror, request, response);
  const server = identity ? createSecureServer(identity, answer) : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror.url = `${identity ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return mirror;
}

async function respond(mirror: ElectronMirror, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mode, content } = mirror;
  mirror.paths.push(request.url ?? '');
  mirror.asked.push(request.headers.range ?? null);
  const number = mirror.asked.length;
  if (mode.kind === 'hang') return;
  if (mode.kind === 'status') return void response.writeHead(mode.status).end('No');
  if (mode.kind === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<form>Log in</form>');

  const from = rangeStart(mirror, request);
  if (from === content.length) return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  const body = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    ...(mirror.etag && { etag: mirror.etag }),
  });
  if (mode.kind === 'good' || (mode.kind === 'cut' && number > 1)) return void response.end(body);
  if (mode.kind === 'slow') return sendSlowly(body, mode, response);
  const first = Math.max(mode.afterBytes - from, 0);
  response.flushHeaders();
  await new Promise<void>((resolve) => response.write(body.subarray(0, first), () => resolve()));
  if (mode.kind === 'cut') return void response.destroy();
  await mode.until;
  if (mode.until) response.end(body.subarray(first));
}

/** Zero where the request asks for all, or the server gives all: it takes no ranges, or its file is another one by now. */
function rangeStart(mirror: ElectronMirror, request: IncomingMessage): number {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const condition = request.headers['if-range'];
  if (start === undefined || !mirror.takesRanges || (condition !== undefined && condition !== mirror.etag)) return 0;
  return Number(start);
}

async function sendSlowly(body: Buffer, mode: { chunkBytes: number; everyMs: number }, response: ServerResponse): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += mode.chunkBytes) {
    response.write(body.subarray(at, at + mode.chunkBytes));
    await delay(mode.everyMs);
  }
  response.end();
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
