import type { IpcMainEvent, WebContents } from 'electron';
import { isAppUrl } from './app-scheme.js';

/** Only the top frame of the window's own origin is heard: a frame inside it, or a page that took its place, is a stranger. */
export function isFromPage(event: IpcMainEvent, contents: WebContents): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === contents.mainFrame && isAppUrl(frame.url);
}
