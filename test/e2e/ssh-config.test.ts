// A node chosen from ~/.ssh/config in the window. HOME is a folder of the test. OpenSSH's client does not ask HOME for its own file, so
// the host is one that means the same without that file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

let dir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ssh-config-'));
  mkdirSync(join(dir, '.ssh'));
  writeFileSync(join(dir, '.ssh', 'config'), 'Host 192.0.2.7\n  User lab\nHost *.lab\n  User lab\n');
  [program, browser] = await Promise.all([startProgram(join(dir, 'data'), { HOME: dir }), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('adds the chosen host under its name, without asking for what the file says', async () => {
  await goTo(page, 'Testbeds');
  await page.getByRole('button', { name: 'New real testbed' }).click();
  const naming = page.getByRole('dialog', { name: 'New real testbed' });
  await naming.getByLabel('Name').fill('Lab');
  await naming.getByRole('button', { name: 'Create testbed' }).click();
  await heading(page, 'Lab').waitFor();
  await page.getByRole('button', { name: 'Add node' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a node' });
  await dialog.getByLabel('From ~/.ssh/config').click();
  const options = page.getByRole('option');
  expect(await options.allInnerTexts()).toEqual(['None: by its address', '192.0.2.7']);

  await options.getByText('192.0.2.7').click();
  expect(await dialog.getByLabel('User').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Add node' }).click();

  await dialog.waitFor({ state: 'hidden' });
  await page
    .getByRole('gridcell', { name: '192.0.2.7' })
    .or(page.getByRole('cell', { name: '192.0.2.7' }))
    .first()
    .waitFor();
});
