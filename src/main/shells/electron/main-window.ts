import { BrowserWindow } from 'electron';
import { APP_ORIGIN } from './app-scheme.js';
import { hardenContents } from './harden.js';
import { keepPlacement, rememberedPlacement, showInPlacement } from './keep-placement.js';
import type { WindowMemory } from './window-memory.js';
import { MIN_SIZE } from './window-placement.js';
import { backgroundColor } from './window-theme.js';

export interface MainWindowOptions {
  preloadPath: string;
  /** Its theme is in force already. */
  memory: WindowMemory;
  openImage(sha256: string): void;
  /** Runs before the page loads. */
  prepare(window: BrowserWindow): void;
}

/** Makes the program's window: a sandboxed page with no Node.js and one bridge. */
export async function openMainWindow({ preloadPath, memory, openImage, prepare }: MainWindowOptions): Promise<BrowserWindow> {
  const placement = rememberedPlacement(memory);
  const window = new BrowserWindow({
    title: 'DEdgeAI Control Center',
    x: placement.x,
    y: placement.y,
    width: placement.width,
    height: placement.height,
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      // Its dictionaries would be fetched from outside.
      spellcheck: false,
    },
  });
  hardenContents(window.webContents, openImage);
  prepare(window);
  keepPlacement(window, memory);
  window.once('ready-to-show', () => showInPlacement(window, placement));
  await window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
