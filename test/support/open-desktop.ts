// The desktop program in a real Electron, and its window: what a desktop test starts with and must take down.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { desktopOfWorker } from './desktop-of-worker.js';

const OPEN_WITHIN_MS = 60_000;
const CLOSE_WITHIN_MS = 20_000;

export interface OpenDesktop {
  app: ElectronApplication;
  /** The main process; Playwright's own way to it is gone when the program has ended. */
  child: ChildProcess;
  page: Page;
  /** What the window's console had to complain about so far. */
  complaints: string[];
  /** Everything that the program wrote so far. */
  output(): string;
  /** Quits as the menu does, and waits for the end; kills what does not end. */
  close(): Promise<void>;
}

/** Opens the program over a data folder. `args` go behind its own; `env` is added to the test's. The caller removes the data. */
export async function openDesktop({
  dataDir,
  args = [],
  env = {},
}: {
  dataDir: string;
  args?: string[];
  env?: Record<string, string>;
}): Promise<OpenDesktop> {
  const program = desktopOfWorker();
  const app = await _electron.launch({
    executablePath: program.executablePath,
    args: [...desktopArguments(dataDir), ...args],
    cwd: program.cwd,
    env: { ...definedOnly(process.env), ...program.env, ...env },
    // As the system has it: by itself Playwright would set the light one.
    colorScheme: null,
    timeout: OPEN_WITHIN_MS,
  });
  let output = '';
  const child = app.process();
  const { stdout, stderr } = child;
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const page = await app.firstWindow();
    return { app, child, page, complaints: listen(page), output: () => output, close: () => close(app, child) };
  } catch (error) {
    await close(app, child);
    throw new Error(`No window opened. The program wrote:\n${output}`, { cause: error });
  }
}

/** What the program is started with on a data folder, by anyone who starts it. */
export function desktopArguments(dataDir: string): string[] {
  return [...desktopOfWorker().args, ...chromiumArguments(), '--data', dataDir];
}

/** Chromium's sandbox does not start as root, where many test machines run. */
export function chromiumArguments(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

async function close(app: ElectronApplication, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_WITHIN_MS);
  await app.close();
  await ended;
  clearTimeout(timer);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
