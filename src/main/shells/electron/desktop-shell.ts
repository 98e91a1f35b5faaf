// The desktop shell: one window over a core in a process of its own, the windows of its images, and the program without a window.
import { join } from 'node:path';
import { BrowserWindow, dialog, powerMonitor, session } from 'electron';
import { z } from 'zod';
import { activitySchema, settledSchema } from '../../../shared/activity.js';
import type { Activity } from '../../../shared/activity.js';
import type { ProgramPaths } from '../../foundation/program-paths.js';
import { serveAppScheme } from './app-scheme.js';
import { setApplicationMenu } from './application-menu.js';
import { Background } from './background.js';
import { Closing } from './closing.js';
import { attachContextMenu } from './context-menu.js';
import { createCoreClient } from './core-client.js';
import type { CoreSupervisor } from './core-supervisor.js';
import { describeEnd, endedRunSchema } from './ended-activity.js';
import { hardenSession } from './harden.js';
import { ImageWindows } from './image-window.js';
import { openMainWindow } from './main-window.js';
import { menuCommands } from './menu-commands.js';
import { watchPageHealth } from './page-health.js';
import { WindowMemory } from './window-memory.js';
import { serveWindowPorts } from './window-ports.js';
import { followActivity } from './window-activity.js';
import { applyTheme, followTheme } from './window-theme.js';

export interface DesktopShellOptions {
  core: Pick<CoreSupervisor, 'state' | 'endpoint' | 'onState' | 'openPort' | 'restart'>;
  paths: Pick<ProgramPaths, 'rendererDir' | 'preloadPath' | 'programDir' | 'resourcesDir'>;
  dataDir: string;
  /** Where the window keeps what it remembers. */
  windowDir: string;
  /** Ends the program: asks `Closing` first where that has not decided. */
  quit(): void;
  /** Hears of refused messages, for the log. */
  onProblem(message: string): void;
}

export interface DesktopShell {
  /** Whether and how the program may end. */
  closing: Closing;
  /** Opens the window, or brings the open one to the front. */
  show(): Promise<void>;
}

/** Linux and macOS: the system waits a few seconds for a program that asks it to. Electron's types leave the event out. */
function onSystemShutdown(act: () => void): void {
  const listener = (event?: { preventDefault(): void }): void => {
    event?.preventDefault();
    act();
  };
  powerMonitor.on('shutdown', listener);
}

/** Needs Electron ready. The core stays the caller's. */
export function createDesktopShell({ core, paths, dataDir, windowDir, quit, onProblem }: DesktopShellOptions): DesktopShell {
  let window: BrowserWindow | null = null;
  const memory = new WindowMemory(windowDir, onProblem);
  const images = new ImageWindows();
  const client = createCoreClient(core);
  const openImage = (sha256: string): void => images.show(sha256);

  const activity = async (signal?: AbortSignal): Promise<Activity[]> =>
    core.state.kind === 'open' ? z.array(activitySchema).parse(await client.query('app.activity', undefined, signal)) : [];

  const closing = new Closing({
    activity,
    settle: async (how, limitMs) => settledSchema.parse(await client.mutate('app.settle', { how, limitMs })).left,
    async ask(question, signal) {
      const parent = window?.isVisible() ? window : null;
      const { response } = await (parent
        ? dialog.showMessageBox(parent, { ...question, signal })
        : dialog.showMessageBox({ ...question, signal }));
      return signal.aborted ? (question.cancelId ?? 0) : response;
    },
    hide() {
      images.closeAll();
      window?.hide();
      background.enter();
    },
    settling(isGoing) {
      if (!window || window.isDestroyed()) return;
      window.setProgressBar(isGoing ? 2 : -1);
      window.setTitle(isGoing ? 'Coming to a stop… - DEdgeAI Control Center' : window.webContents.getTitle());
    },
    end() {
      background.leave();
      for (const open of BrowserWindow.getAllWindows()) open.hide();
      quit();
    },
    // Linux desktops differ in whether they show icons at all, and none says so.
    isTrayUncertain: process.platform === 'linux',
    onProblem,
  });

  const show = async (): Promise<void> => {
    background.leave();
    if (!window) return open();
    if (window.webContents.isCrashed()) window.webContents.reload();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };

  const background = new Background({
    iconPath: join(paths.resourcesDir, 'icons', 'icon.png'),
    activity,
    async noticeOf(ended) {
      const run = ended.kind === 'run' ? await client.query('runs.get', { id: ended.id }).catch(() => null) : null;
      return describeEnd(ended, run === null ? null : endedRunSchema.parse(run));
    },
    show: () => void show(),
    pauseAndQuit: () => void closing.settleAndEnd('pause'),
    quit,
    onProblem,
  });

  const open = async (): Promise<void> => {
    await openMainWindow({
      preloadPath: paths.preloadPath,
      memory,
      openImage,
      prepare(made) {
        window = made;
        made.once('closed', () => {
          window = null;
          background.leave();
        });
        made.on('close', (event) => {
          // On macOS a program continues without its window.
          if (closing.isDecided || process.platform === 'darwin') return;
          event.preventDefault();
          void closing.request();
        });
        made.on('session-end', () => void closing.endSession());
        serveWindowPorts(made.webContents, core, onProblem);
        followTheme(made, { chosen: (theme) => memory.remember({ theme }), onProblem });
        followActivity(made, { isInBackground: () => background.isActive, show: () => void show() });
        attachContextMenu(made, openImage);
        watchPageHealth(made, { nowMs: () => performance.now(), onProblem, quit });
      },
    });
  };

  hardenSession(session.defaultSession);
  applyTheme(memory.remembered.theme);
  serveAppScheme(core, paths.rendererDir);
  setApplicationMenu(menuCommands({ window: () => window, show, memory, programDir: paths.programDir, dataDir, quit, onProblem }));
  onSystemShutdown(() => void closing.endSession());
  return { closing, show };
}
