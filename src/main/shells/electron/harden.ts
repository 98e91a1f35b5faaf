// What a page may not do, whatever it manages to run: leave its origin, open windows, ask for devices. Denied unless named here.
import { shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { WEIGHTS_PAGE } from '../../../shared/weights.js';
import { isAppUrl } from './app-scheme.js';
import { imageOf } from './image-address.js';

/** Copy buttons write plain text to the clipboard. */
const ALLOWED_PERMISSIONS = new Set<string>(['clipboard-sanitized-write']);

/** Where links of the window may lead, in the user's own browser. */
const EXTERNAL_HOSTS = new Set(['arxiv.org', 'doi.org', 'github.com', 'ieeexplore.ieee.org', 'nodejs.org', new URL(WEIGHTS_PAGE).hostname]);

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(ALLOWED_PERMISSIONS.has(permission) && isAppUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (contents, permission) => ALLOWED_PERMISSIONS.has(permission) && contents !== null && isAppUrl(contents.getURL()),
  );
  session.setDevicePermissionHandler(() => false);
}

/** `openImage` shows an image of the window's own origin, which is all that it may open there. */
export function hardenContents(contents: WebContents, openImage: (sha256: string) => void): void {
  const stayInside = (event: { preventDefault(): void; url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayInside);
  contents.on('will-redirect', stayInside);
  contents.on('will-frame-navigate', stayInside);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // A page that would rather stay (`beforeunload`) is not asked: what it shows is on record.
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const image = imageOf(url);
    if (image) openImage(image.sha256);
    else if (isAllowedOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

function isAllowedOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  return protocol === 'https:' && username === '' && EXTERNAL_HOSTS.has(hostname);
}
