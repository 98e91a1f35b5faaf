// Keeps other web pages in the same browser away from the loopback server.
import type { IncomingMessage } from 'node:http';

/** Host names under which a request may reach the server; any other is a rebound DNS name. */
const HOST_NAMES = ['127.0.0.1', 'localhost'];

/** Why a request is refused, or null: a foreign Host (DNS rebinding), or a foreign Origin (another page's script). */
export function findForeignOrigin(request: Pick<IncomingMessage, 'headers' | 'method'>, port: number): string | null {
  const { host, origin } = request.headers;
  if (!HOST_NAMES.some((name) => host === `${name}:${port}`)) return 'This server answers only under its own address.';
  const isForeignOrigin = origin !== undefined && origin !== `http://${host}`;
  const site = request.headers['sec-fetch-site'];
  // Browsers send Origin with every upgrade and every request that changes something; programs that are no browsers send neither.
  const isForeignSite = request.method !== 'GET' && site !== undefined && site !== 'same-origin';
  return isForeignOrigin || isForeignSite ? 'Another page may not use this server.' : null;
}
