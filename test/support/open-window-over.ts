// The built window over a core of the test's own process, whose surroundings the test replaces: what a program of its own can't be given. Needs
// `npm run build`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Services } from '../../src/main/api/services.js';
import { assembleCore, type CoreParts } from '../../src/main/composition/core.js';
import type { CoreOverrides } from '../../src/main/composition/overrides.js';
import { startWebShell, type WebShell } from '../../src/main/shells/web/start-web-shell.js';
import { launchBrowser, openPage } from './browser.js';
import type { OpenWindow } from './open-window.js';

export interface WindowOver extends Omit<OpenWindow, 'browser' | 'program'> {
  dataDir: string;
  /** What the window's calls are answered by: a test may put its own answer in place of one. */
  services: Services;
  /** Everything that the core sent to the window. */
  received: string[];
  /** Ends the program and starts another one on the same data; the page is the new one's. */
  restart(): Promise<void>;
}

export async function openWindowOver(overrides: CoreOverrides): Promise<WindowOver> {
  const dataDir = mkdtempSync(join(tmpdir(), 'window-over-'));
  const browser = await launchBrowser();
  let running = await start(dataDir, overrides, browser);
  const received: string[] = [];
  const listen = async (): Promise<void> => {
    running.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))));
    await running.page.reload();
  };
  await listen();
  return {
    dataDir,
    received,
    get services() {
      return running.program.core.services;
    },
    get page() {
      return running.page;
    },
    get complaints() {
      return running.complaints;
    },
    async restart() {
      await running.page.context().close();
      await stop(running);
      running = await start(dataDir, overrides, browser);
      await listen();
    },
    async close() {
      await browser.close();
      await stop(running);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function start(dataDir: string, overrides: CoreOverrides, browser: Browser) {
  const program = await assembleCore({ dataDir, shell: 'web', access: 'exclusive', activity: 'nodes', overrides });
  const shell = await startWebShell({ core: program.core, port: 0, openBrowser: false, onAddress: () => undefined });
  return { program, shell, ...(await openPage(browser, shell.url)) };
}

async function stop({ program, shell }: { program: CoreParts; shell: WebShell }): Promise<void> {
  await shell.close();
  await program.core.close();
}
