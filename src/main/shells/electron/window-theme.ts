// The theme on the native side: background, menus and dialogs. The page says which one was chosen; what it said last holds at the next
// start from before the page loads, so that nothing flashes.
import { ipcMain, nativeTheme } from 'electron';
import type { BrowserWindow, IpcMainEvent } from 'electron';
import { SHELL_CHANNEL } from '../../../shared/api/desktop-bridge.js';
import { shellMessageSchema } from '../../../shared/api/shell-protocol.js';
import type { ThemeChoice } from '../../../shared/api/shell-protocol.js';
import { isFromPage } from './page-sender.js';

/** `--canvas` of the window's tokens (src/renderer/styles/tokens.css): what is behind the page before it paints, and while it is resized. */
export const BACKGROUND = { light: '#f3f5f7', dark: '#0f1317' } as const;

export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** From here on menus and dialogs, and the page's `prefers-color-scheme`, are as chosen; with `system` they follow the system. */
export function applyTheme(theme: ThemeChoice): void {
  nativeTheme.themeSource = theme;
}

/** Keeps the window in the theme that its page names, until it is destroyed. `chosen` hears of each choice. */
export function followTheme(
  window: BrowserWindow,
  { chosen, onProblem }: { chosen(theme: ThemeChoice): void; onProblem(message: string): void },
): void {
  const contents = window.webContents;
  const onMessage = (event: IpcMainEvent, raw: unknown): void => {
    if (event.sender !== contents) return;
    if (!isFromPage(event, contents)) return onProblem('A message of a frame that is not the window was refused');
    const parsed = shellMessageSchema.safeParse(raw);
    if (!parsed.success) return onProblem('A message of the window to the desktop shell that is none was refused');
    if (parsed.data.kind !== 'theme') return;
    applyTheme(parsed.data.theme);
    chosen(parsed.data.theme);
  };
  // Also when the system turns dark while the choice is to follow it; the page hears that from its own media query.
  const onUpdated = (): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColor());
  };
  ipcMain.on(SHELL_CHANNEL, onMessage);
  nativeTheme.on('updated', onUpdated);
  contents.once('destroyed', () => {
    ipcMain.off(SHELL_CHANNEL, onMessage);
    nativeTheme.off('updated', onUpdated);
  });
}
