// What a page may not do, whatever it manages to run: leave its origin, open windows, ask for devices. Denied unless named here.
import { shell } from 'electron';
import type { Session, WebContents } from 'electron';
import { isAppUrl } from './app-scheme.js';

/** Copy buttons write plain text to the clipboard. */
const ALLOWED_PERMISSIONS = new Set<string>(['clipboard-sanitized-write']);

/** Where links of the window may lead, in the user's own browser. */
const EXTERNAL_HOSTS = new Set(['arxiv.org', 'doi.org', 'github.com', 'ieeexplore.ieee.org', 'nodejs.org']);

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(ALLOWED_PERMISSIONS.has(permission) && isAppUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (contents, permission) => ALLOWED_PERMISSIONS.has(permission) && contents !== null && isAppUrl(contents.getURL()),
  );
  session.setDevicePermissionHandler(() => false);
}

export function hardenContents(contents: WebContents): void {
  const stayInside = (event: { preventDefault(): void; url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stayInside);
  contents.on('will-redirect', stayInside);
  contents.on('will-frame-navigate', stayInside);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

function isAllowedOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  return protocol === 'https:' && username === '' && EXTERNAL_HOSTS.has(hostname);
}
