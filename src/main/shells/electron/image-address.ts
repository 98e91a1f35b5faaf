// The addresses of images on the window's own origin: pure.
import { APP_ORIGIN } from './app-scheme.js';

const IMAGE_PATH = /^\/(?:images|thumbnails)\/([0-9a-f]{64})$/;

/** The full-size image that an address of the window means, by its own name or that of its thumbnail; null when it means none. */
export function imageOf(address: string): { sha256: string; url: string } | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host, pathname, search, username, password } = new URL(address);
  if (`${protocol}//${host}` !== APP_ORIGIN || search !== '' || username !== '' || password !== '') return null;
  const sha256 = IMAGE_PATH.exec(pathname)?.[1];
  return sha256 === undefined ? null : { sha256, url: `${APP_ORIGIN}/images/${sha256}` };
}
