// Once for all desktop tests: the program for this machine's Electron, and a display where there is none.
import type { TestProject } from 'vitest/node';
import { prepareDesktopProgram } from './desktop-program.js';
import type { DesktopProgram } from './desktop-program.js';
import { findElectron } from './find-tools.js';
import { startDisplay } from './x-display.js';
import type { XDisplay } from './x-display.js';

declare module 'vitest' {
  interface ProvidedContext {
    desktop: DesktopProgram;
  }
}

let display: XDisplay | null = null;

export async function setup(project: TestProject): Promise<void> {
  const electron = findElectron();
  if (!electron)
    throw new Error('No Electron here: run `npm test`, or name one in DEDGEAI_ELECTRON and its version in DEDGEAI_ELECTRON_VERSION.');
  const program = await prepareDesktopProgram(electron.path, electron.version);
  if (process.platform === 'linux' && !process.env['DISPLAY']) {
    display = await startDisplay({ width: 1600, height: 1000 });
    program.env['DISPLAY'] = display.name;
  }
  project.provide('desktop', program);
}

export async function teardown(): Promise<void> {
  await display?.close();
}
