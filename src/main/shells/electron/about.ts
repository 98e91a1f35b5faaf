// What Help shows of the program itself.
import { dialog, shell } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';

export interface AboutFacts {
  version: string;
  dataDir: string;
  /** `process.versions` of Electron's main process. */
  versions: Pick<NodeJS.ProcessVersions, 'node'> & { electron?: string | undefined; chrome?: string | undefined };
}

export function aboutBox({ version, dataDir, versions }: AboutFacts): MessageBoxOptions {
  return {
    type: 'info',
    title: 'About DEdgeAI Control Center',
    message: `DEdgeAI Control Center ${version}`,
    detail: [
      `Electron ${versions.electron ?? 'unknown'}`,
      `Chromium ${versions.chrome ?? 'unknown'}`,
      `Node.js ${versions.node}`,
      `Data: ${dataDir}`,
      '',
      'MIT license. No model weights are shipped, and nothing is reported to anyone.',
    ].join('\n'),
    buttons: ['OK'],
    noLink: true,
  };
}

export async function showAbout(window: BrowserWindow | null, facts: AboutFacts): Promise<void> {
  const box = aboutBox(facts);
  await (window ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box));
}

/** Opens a file or folder with the system's own program for it; says so where there is none. */
export async function openWithSystem(path: string | null, what: string, onProblem: (message: string) => void): Promise<void> {
  if (path === null) return show(`${what} is not beside the program`, 'Look into the folder that the program was started from.');
  const failure = await shell.openPath(path);
  if (failure === '') return;
  onProblem(`${what} could not be opened: ${failure}`);
  await show(`${what} could not be opened`, `${failure}\n\nIt is at ${path}`);
}

async function show(message: string, detail: string): Promise<void> {
  await dialog.showMessageBox({ type: 'warning', title: 'DEdgeAI Control Center', message, detail, buttons: ['OK'], noLink: true });
}
