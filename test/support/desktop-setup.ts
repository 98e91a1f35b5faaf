// Once for all desktop tests: the program for this machine's Electron, and where there is no display one for each worker, whose windows then
// have the keys and the pointer to themselves.
import type { TestProject } from 'vitest/node';
import { prepareDesktopProgram } from './desktop-program.js';
import type { DesktopProgram } from './desktop-program.js';
import { findElectron } from './find-tools.js';
import { startDisplay } from './x-display.js';
import type { XDisplay } from './x-display.js';

declare module 'vitest' {
  interface ProvidedContext {
    desktop: DesktopProgram;
    /** Names for DISPLAY, one for each worker; none where the machine has a display. */
    displays: string[];
  }
}

let displays: XDisplay[] = [];

export async function setup(project: TestProject): Promise<void> {
  const electron = findElectron();
  if (!electron)
    throw new Error('No Electron here: run `npm test`, or name one in DEDGEAI_ELECTRON and its version in DEDGEAI_ELECTRON_VERSION.');
  const program = await prepareDesktopProgram(electron.path, electron.version);
  if (process.platform === 'linux' && !process.env['DISPLAY']) {
    const workers = Array.from({ length: Math.max(1, project.config.maxWorkers) });
    displays = await Promise.all(workers.map(() => startDisplay({ width: 1600, height: 1000 })));
  }
  project.provide('desktop', program);
  project.provide(
    'displays',
    displays.map(({ name }) => name),
  );
}

export async function teardown(): Promise<void> {
  await Promise.all(displays.map((display) => display.close()));
}
