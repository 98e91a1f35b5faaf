// The built program over a data folder of its own, and its window in a browser: what a browser test starts with and must take down.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.js';
import { type RunningProgram, startProgram } from './program.js';

export interface OpenWindow {
  page: Page;
  browser: Browser;
  /** A test that ends it and starts another puts that here, to be taken down with the rest. */
  program: RunningProgram;
  dataDir: string;
  /** What the browser had to complain about so far. */
  complaints: string[];
  /** Ends browser and program and deletes the data. */
  close(): Promise<void>;
}

/** @param fill puts things into the data folder before the program starts */
export async function openWindow(fill?: (dataDir: string) => unknown): Promise<OpenWindow> {
  const dataDir = mkdtempSync(join(tmpdir(), 'window-'));
  await fill?.(dataDir);
  const [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  const { page, complaints } = await openPage(browser, program.url);
  const window: OpenWindow = {
    ...{ page, browser, program, dataDir, complaints },
    async close() {
      await browser.close();
      await window.program.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return window;
}
