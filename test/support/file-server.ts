// A web server on loopback that serves bytes from memory: whole, from an offset, cut off on the way, or only with a token.
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { until } from './until.js';

export interface ServedFile {
  body: string | Uint8Array;
  /** The connection is destroyed after so many bytes, the first time. */
  cutAfterBytes?: number;
  /** The cut waits for it: what is on its way when a connection breaks is lost, and who reads may have nothing yet. */
  beforeCut?: () => Promise<unknown>;
  /** Stays open without the rest, the first time. */
  hangsAfterBytes?: number;
  token?: string;
  /** Answers with this address instead. */
  redirectTo?: string;
}

export type FileServer = Awaited<ReturnType<typeof startFileServer>>;

/** Resolves when something of a download is in its file. */
export function untilKept(path: string): Promise<void> {
  return until(() => statSync(path).size > 0);
}

export async function startFileServer() {
  const files = new Map<string, ServedFile>();
  const requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    const file = files.get(request.url ?? '');
    if (!file) return void response.writeHead(404).end();
    if (file.token !== undefined && request.headers.authorization !== `Bearer ${file.token}`) return void response.writeHead(401).end();
    if (file.redirectTo !== undefined) return void response.writeHead(302, { location: file.redirectTo }).end();
    const bytes = Buffer.from(file.body);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0 && from >= bytes.length) return void response.writeHead(416).end();
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from });
    const limit = file.cutAfterBytes ?? file.hangsAfterBytes;
    if (limit === undefined) return void response.end(bytes.subarray(from));
    const isCut = file.cutAfterBytes !== undefined;
    delete file.cutAfterBytes;
    delete file.hangsAfterBytes;
    response.write(bytes.subarray(from, from + limit), () => {
      if (isCut) void (file.beforeCut?.() ?? Promise.resolve()).finally(() => response.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    files,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
