import { BrowserWindow, nativeTheme } from 'electron';
import { APP_ORIGIN } from './app-scheme.js';
import { hardenContents } from './harden.js';

/** Background before the first paint, as in the window's own tokens, so that it opens without a flash. */
const BACKGROUND = { light: '#ffffff', dark: '#0f1115' };

/** Makes the program's window: a sandboxed page with no Node.js and one bridge. `prepare` runs before the page loads. */
export async function openMainWindow(preloadPath: string, prepare: (window: BrowserWindow) => void): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    title: 'DEdgeAI Control Center',
    width: 1360,
    height: 880,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
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
  hardenContents(window.webContents);
  prepare(window);
  window.once('ready-to-show', () => window.show());
  await window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
