// Live telemetry of a virtual node in the window: figures of this machine, marked so, and gone when it is switched off.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { createVirtualTestbed } from '../support/window-steps.js';

let dir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'telemetry-'));
  [program, browser] = await Promise.all([startProgram(join(dir, 'data')), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('samples the chosen node while it is switched on', async () => {
  await createVirtualTestbed(page, { name: 'Two', nodes: 2, timeScale: 100 });
  await page
    .getByRole('gridcell', { name: 'node-1' })
    .or(page.getByRole('cell', { name: 'node-1' }))
    .first()
    .click();
  const panel = page.getByRole('region', { name: 'Live: node-1' });
  await panel.getByText('for as long as this is on').waitFor();

  await panel.getByRole('switch', { name: 'Sample over SSH' }).click();

  await panel.getByText(/CPU \d+\.\d %/).waitFor({ timeout: 60_000 });
  await panel.getByText(/\d+\.\d of \d+\.\d GB/).waitFor();
  await panel.getByText('figures of the machine that it runs on').waitFor();
  await panel.getByRole('figure', { name: 'Memory' }).waitFor();
  expect(await panel.getByText('Reported by /proc').count()).toBe(1);

  await panel.getByRole('switch', { name: 'Sample over SSH' }).click();
  await panel.getByRole('figure', { name: 'Memory' }).waitFor({ state: 'detached' });
});
