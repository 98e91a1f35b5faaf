// Paths on the core's socket.

/** The WebSocket of calls. Everything else is an asset. */
export const CALLS_PATH = '/calls';

/** The first parts of the paths that the core answers; what else a window asks for is one of its own files. */
const ASSET_AREAS = new Set(['images', 'thumbnails', 'exports', 'uploads']);

export function isAssetPath(pathname: string): boolean {
  return ASSET_AREAS.has(pathname.split('/')[1] ?? '');
}
