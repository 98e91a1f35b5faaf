// dedgeai://app/: the window's own origin. Its files come from the build, its images and uploads from the core; there is no server.
import { protocol } from 'electron';
import { handleAsset } from '../assets/handle-asset.js';
import type { AssetServices } from '../assets/handle-asset.js';
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

/** Answers every request of the window; needs Electron ready. */
export function serveAppScheme(services: AssetServices, rendererDir: string): void {
  protocol.handle(SCHEME, async (request) => {
    const answer = isAppUrl(request.url)
      ? ((await handleAsset(request, services)) ?? (await windowFile(new URL(request.url).pathname, rendererDir)))
      : null;
    const { status, headers, body } = answer ?? new Response('There is no such page.', { status: 404 });
    return new Response(body, { status, headers: { ...Object.fromEntries(headers), ...securityHeaders() } });
  });
}
