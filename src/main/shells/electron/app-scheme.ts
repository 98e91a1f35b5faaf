// dedgeai://app/: the window's own origin. Its files come from the build, its images and uploads from the core; there is no server.
import { protocol } from 'electron';
import { askAsset } from '../../transport/link/ask-asset.js';
import { isAssetPath } from '../../transport/link/core-paths.js';
import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { securityHeaders } from '../window-files/security-headers.js';
import { windowFile } from '../window-files/window-file.js';

const SCHEME = 'dedgeai';
export const APP_ORIGIN = `${SCHEME}://app`;

/** Whether an address belongs to the window itself. */
export function isAppUrl(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`);
}

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers every request of the window; needs Electron ready. `core` says where assets are asked for now. */
export function serveAppScheme(core: { readonly endpoint: CoreEndpoint | null }, rendererDir: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { status, headers, body } = await answer(request, core.endpoint, rendererDir);
    return new Response(body, { status, headers: { ...Object.fromEntries(headers), ...securityHeaders() } });
  });
}

async function answer(request: Request, endpoint: CoreEndpoint | null, rendererDir: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (isAppUrl(request.url)) {
    if (isAssetPath(pathname)) return endpoint ? askAsset(endpoint, request).catch(coreIsAway) : coreIsAway();
    const file = await windowFile(pathname, rendererDir);
    if (file) return file;
  }
  return new Response('There is no such page.', { status: 404 });
}

/** In the one error shape, which the window shows at what it asked for. */
function coreIsAway(): Response {
  const shape: AppErrorShape = {
    code: 'io',
    message: 'The core of the program did not answer.',
    hint: 'It is started again by itself; then try once more.',
  };
  return Response.json(shape, { status: 503 });
}
