// Keeps other web pages in the same browser away from the loopback server.
import type { IncomingMessage } from 'node:http';

/** Host names under which a request may reach the server; any other is a rebound DNS name. */
const HOST_NAMES = ['127.0.0.1', 'localhost'];
/** `none`: typed, or opened from outside the browser. */
const OWN_SITES = ['same-origin', 'none'];

type CheckedRequest = Pick<IncomingMessage, 'headers' | 'method' | 'rawHeaders' | 'url'>;

/**
 * Why a request is refused, or null: a foreign or repeated Host (DNS rebinding), a foreign Origin, or a browser that says that another site
 * asked. Programs that are no browsers say nothing of sites.
 */
export function findForeignOrigin(request: CheckedRequest, port: number): string | null {
  const { host, origin } = request.headers;
  const isOwnHost = countHosts(request.rawHeaders) === 1 && HOST_NAMES.some((name) => host === `${name}:${port}`);
  if (!isOwnHost) return 'This server answers only under its own address.';
  const isForeignOrigin = origin !== undefined && origin !== `http://${host}`;
  const site = request.headers['sec-fetch-site'];
  const isForeignSite = site !== undefined && !(typeof site === 'string' && OWN_SITES.includes(site)) && !isSigningIn(request);
  return isForeignOrigin || isForeignSite ? 'Another page may not use this server.' : null;
}

/** The page that the desktop's browser was given leads here from a file, which is another site; the token is what counts. */
function isSigningIn({ method, url, headers }: CheckedRequest): boolean {
  return (
    method === 'GET' &&
    (url ?? '').startsWith('/?token=') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}

/** Node keeps the first of several; what is behind might have believed another. */
function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}
