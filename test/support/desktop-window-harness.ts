// The desktop shell of a test that looks at its windows, over stand-ins for the `electron` module and for the core's process. The test's own
// file has to mock `electron`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CoreSupervisor } from '../../src/main/shells/electron/core-supervisor.js';
import { createDesktopShell, type DesktopShell } from '../../src/main/shells/electron/desktop-shell.js';
import { coreStandIn, NO_PROTECTION } from './core-stand-in.js';
import * as electron from './electron-stand-in.js';
import { standInServices, type StandInServices } from './stand-in-services.js';
import { eventually } from './until.js';

export interface DesktopWindowHarness {
  readonly folder: string;
  readonly services: StandInServices;
  readonly shell: DesktopShell;
  /** What was reported, oldest first; a test may empty it. */
  problems: string[];
  /** How often the shell asked for the end of the program. */
  readonly quits: number;
  start(): Promise<void>;
  /** The program ends; what is in the folder stays. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

/** A started shell in a new folder, on a system as it is at first. */
export async function openDesktopWindow(): Promise<DesktopWindowHarness> {
  electron.questions.length = 0;
  electron.notices.length = 0;
  electron.nativeTheme.themeSource = 'system';
  electron.nativeTheme.isSystemDark = false;
  electron.Tray.isPossible = true;
  const folder = mkdtempSync(join(tmpdir(), 'desktop-window-'));
  const services = standInServices();
  let supervisor!: CoreSupervisor;
  let shell!: DesktopShell;
  let quits = 0;
  const harness: DesktopWindowHarness = {
    folder,
    services,
    problems: [],
    get shell() {
      return shell;
    },
    get quits() {
      return quits;
    },
    async start() {
      const onProblem = (message: string): void => void harness.problems.push(message);
      const core = coreStandIn({ services, endpoint: { socketPath: '/nowhere', token: 'none' }, onProblem });
      supervisor = new CoreSupervisor({ launch: core.launch, protection: NO_PROTECTION, onProblem });
      const paths = { rendererDir: folder, preloadPath: '/preload.cjs', programDir: folder, resourcesDir: folder };
      shell = createDesktopShell({ core: supervisor, paths, dataDir: folder, windowDir: folder, quit: () => quits++, onProblem });
      await Promise.all([supervisor.start(), shell.show()]);
    },
    async stop() {
      shell.closing.release();
      for (const window of electron.BrowserWindow.getAllWindows()) window.close();
      await supervisor.close();
    },
    async remove() {
      await harness.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await harness.start();
  await import('../../src/preload/index.js');
  return harness;
}

/** The window of the program, which alone has a preload. */
export function mainWindow(): electron.BrowserWindow {
  return electron.BrowserWindow.getAllWindows().find((window) => window.options.webPreferences['preload'] !== undefined)!;
}

/** The next question that is put, removed from the list. */
export async function nextQuestion(): Promise<(typeof electron.questions)[number]> {
  await eventually(() => expect(electron.questions.length).toBeGreaterThan(0));
  return electron.questions.shift()!;
}
