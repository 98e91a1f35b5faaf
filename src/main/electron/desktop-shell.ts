// The desktop shell: one window over a core that is already open.
import { session } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ProgramPaths } from '../program-paths.js';
import type { Services } from '../services.js';
import { serveAppScheme } from './app-scheme.js';
import { setApplicationMenu } from './application-menu.js';
import { hardenSession } from './harden.js';
import { serveIpcApi } from './ipc-api.js';
import { openMainWindow } from './main-window.js';

export interface DesktopShellOptions {
  services: Services;
  paths: Pick<ProgramPaths, 'rendererDir' | 'preloadPath'>;
  /** Hears of refused messages, for the log. */
  onProblem(message: string): void;
}

export interface DesktopShell {
  /** Opens the window, or brings the open one to the front. */
  show(): Promise<void>;
}

/** Needs Electron ready. The core stays the caller's. */
export function createDesktopShell({ services, paths, onProblem }: DesktopShellOptions): DesktopShell {
  let window: BrowserWindow | null = null;
  hardenSession(session.defaultSession);
  serveAppScheme(services, paths.rendererDir);
  setApplicationMenu();

  const open = async (): Promise<void> => {
    await openMainWindow(paths.preloadPath, (made) => {
      window = made;
      made.once('closed', () => (window = null));
      serveIpcApi(made.webContents, services, onProblem);
    });
  };

  return {
    async show() {
      if (!window) return open();
      if (window.isMinimized()) window.restore();
      window.focus();
    },
  };
}
