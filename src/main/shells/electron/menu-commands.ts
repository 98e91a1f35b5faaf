// What the items of the menu bar do, for the one window of the program.
import type { BrowserWindow } from 'electron';
import { COMMAND_CHANNEL } from '../../../shared/api/desktop-bridge.js';
import { PROGRAM_VERSION } from '../../foundation/program-version.js';
import { openWithSystem, showAbout } from './about.js';
import { APP_ORIGIN } from './app-scheme.js';
import type { MenuCommands } from './application-menu.js';
import { findDocumentation } from './find-documentation.js';
import type { WindowMemory } from './window-memory.js';
import { zoomBy } from './zoom.js';

export interface MenuCommandsOptions {
  window(): BrowserWindow | null;
  /** Opens the window, or shows it. */
  show(): Promise<void>;
  memory: WindowMemory;
  programDir: string;
  dataDir: string;
  quit(): void;
  onProblem(message: string): void;
}

export function menuCommands(options: MenuCommandsOptions): MenuCommands {
  const { memory, programDir, dataDir, onProblem } = options;
  const setZoom = (level: number): void => {
    options.window()?.webContents.setZoomLevel(level);
    memory.remember({ zoomLevel: level });
  };
  const goTo = async (path: string): Promise<void> => {
    await options.show();
    // Another fragment of the same page: nothing is loaded again.
    await options.window()?.loadURL(`${APP_ORIGIN}/#${path}`);
  };
  return {
    reload: () => options.window()?.webContents.reload(),
    zoomBy: (steps) => setZoom(zoomBy(options.window()?.webContents.getZoomLevel() ?? memory.remembered.zoomLevel, steps)),
    resetZoom: () => setZoom(0),
    goTo: (path) => void goTo(path).catch((thrown: unknown) => onProblem(`The view ${path} could not be opened: ${String(thrown)}`)),
    runInPage: (id) =>
      void options.show().then(
        () => options.window()?.webContents.send(COMMAND_CHANNEL, id),
        (thrown: unknown) => onProblem(`The command ${id} could not be run: ${String(thrown)}`),
      ),
    openDocumentation: () => void openWithSystem(findDocumentation(programDir), 'The documentation', onProblem),
    openDataFolder: () => void openWithSystem(dataDir, 'The data folder', onProblem),
    showAbout: () => void showAbout(options.window(), { version: PROGRAM_VERSION, dataDir, versions: process.versions }),
    quit: () => options.quit(),
  };
}
