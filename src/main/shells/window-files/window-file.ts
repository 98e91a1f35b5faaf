// The files of the built window, as answers to requests. Knows nothing of who asks: the shells authenticate.
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** Answers for a path of the window (`/` is its page); null when it has no such file. Never leaves `rendererDir`, not even by a link. */
export async function windowFile(pathname: string, rendererDir: string): Promise<Response | null> {
  const relativePath = pathname === '/' ? 'index.html' : decodePath(pathname);
  const mediaType = relativePath === null ? undefined : MEDIA_TYPES[extname(relativePath)];
  if (relativePath === null || mediaType === undefined) return null;
  try {
    const root = await realpath(rendererDir);
    const path = await realpath(join(root, relativePath));
    if (!path.startsWith(root + sep)) return null;
    return new Response(await readFile(path), {
      headers: {
        'content-type': mediaType,
        // Files under assets/ carry a hash of their content in their name; the page itself must be asked for again.
        'cache-control': pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
      },
    });
  } catch {
    return null;
  }
}

/** The path below the root; null when it is not one: bad escapes, NUL, backslashes, `..`, or a hidden file. */
function decodePath(pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname);
    const parts = decoded.split('/').filter(Boolean);
    return /[\0\\]/.test(decoded) || parts.some((part) => part.startsWith('.')) ? null : parts.join('/');
  } catch {
    return null;
  }
}
