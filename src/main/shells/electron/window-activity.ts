// What is under way, on the native side: in the task bar, and as a notice of the system when the page asks for one. The page has said already
// what is worth it (src/renderer/layout/activity); a click shows the window and names the notice to the page.
import { ipcMain, Notification } from 'electron';
import type { BrowserWindow, IpcMainEvent } from 'electron';
import { NOTICE_CHANNEL, SHELL_CHANNEL } from '../../../shared/api/desktop-bridge.js';
import { shellMessageSchema, type ShellMessage } from '../../../shared/api/shell-protocol.js';
import { isFromPage } from './page-sender.js';

type Progress = Extract<ShellMessage, { kind: 'progress' }>;
type Notice = Extract<ShellMessage, { kind: 'notice' }>;

export interface ActivityOptions {
  /** Whether the program runs without a window, and shows by itself what has ended (`Background`). */
  isInBackground(): boolean;
  /** Brings the window to the front. */
  show(): void;
}

const MODES = { going: 'normal', paused: 'paused', done: 'normal', failed: 'error' } as const;

/** Electron's arguments. Above 1: a bar whose end is not known. Linux draws none; it is harmless there. */
export function taskBarOf({
  state,
  fraction,
}: Pick<Progress, 'state' | 'fraction'>): [number, { mode: 'none' | 'normal' | 'paused' | 'error' }] {
  if (state === 'none') return [-1, { mode: 'none' }];
  return [fraction ?? 2, { mode: MODES[state] }];
}

/** Until the window is destroyed. Messages that are none are the theme's to report: it hears the same channel. */
export function followActivity(window: BrowserWindow, { isInBackground, show }: ActivityOptions): void {
  const contents = window.webContents;
  /** A notice that no one holds is collected, and its click is lost. */
  const notices = new Set<Notification>();
  const notify = ({ id, title, body, isEnd }: Notice): void => {
    if (!Notification.isSupported() || (isEnd && isInBackground())) return;
    const notice = new Notification({ title, body });
    notices.add(notice);
    notice.on('click', () => {
      show();
      if (!contents.isDestroyed()) contents.send(NOTICE_CHANNEL, id);
    });
    notice.on('close', () => notices.delete(notice));
    notice.show();
  };
  const onMessage = (event: IpcMainEvent, raw: unknown): void => {
    if (event.sender !== contents || !isFromPage(event, contents)) return;
    const { data } = shellMessageSchema.safeParse(raw);
    if (data?.kind === 'progress') window.setProgressBar(...taskBarOf(data));
    if (data?.kind === 'notice') notify(data);
  };
  ipcMain.on(SHELL_CHANNEL, onMessage);
  contents.once('destroyed', () => ipcMain.off(SHELL_CHANNEL, onMessage));
}
