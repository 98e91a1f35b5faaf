// The built program over a new data folder, and its window in a browser: what a browser test starts with and must take down.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.js';
import { startProgram } from './program.js';

export interface OpenWindow {
  page: Page;
  /** What the browser had to complain about so far. */
  complaints: string[];
  /** Ends browser and program and deletes the data. */
  close(): Promise<void>;
}

export async function openWindow(): Promise<OpenWindow> {
  const dataDir = mkdtempSync(join(tmpdir(), 'window-'));
  const [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  const { page, complaints } = await openPage(browser, program.url);
  return {
    page,
    complaints,
    async close() {
      await browser.close();
      await program.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
