// The desktop shell: one window over a core in a process of its own.
import { session } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ProgramPaths } from '../program-paths.js';
import { serveAppScheme } from './app-scheme.js';
import { setApplicationMenu } from './application-menu.js';
import type { CoreSupervisor } from './core-supervisor.js';
import { hardenSession } from './harden.js';
import { openMainWindow } from './main-window.js';
import { serveWindowPorts } from './window-ports.js';

export interface DesktopShellOptions {
  core: Pick<CoreSupervisor, 'state' | 'endpoint' | 'onState' | 'openPort' | 'restart'>;
  paths: Pick<ProgramPaths, 'rendererDir' | 'preloadPath'>;
  /** Hears of refused messages, for the log. */
  onProblem(message: string): void;
}

export interface DesktopShell {
  /** Opens the window, or brings the open one to the front. */
  show(): Promise<void>;
}

/** Needs Electron ready. The core stays the caller's. */
export function createDesktopShell({ core, paths, onProblem }: DesktopShellOptions): DesktopShell {
  let window: BrowserWindow | null = null;
  hardenSession(session.defaultSession);
  serveAppScheme(core, paths.rendererDir);
  setApplicationMenu();

  const open = async (): Promise<void> => {
    await openMainWindow(paths.preloadPath, (made) => {
      window = made;
      made.once('closed', () => (window = null));
      serveWindowPorts(made.webContents, core, onProblem);
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
