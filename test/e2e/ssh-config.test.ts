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
import { chooseNode, createRealTestbed } from '../support/window-steps.js';

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
  await createRealTestbed(page, 'Lab');
  await page.getByRole('button', { name: 'Add node' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a node' });
  await dialog.getByLabel('From ~/.ssh/config').click();
  const options = page.getByRole('option');
  expect(await options.allInnerTexts()).toEqual(['None: by its address', '192.0.2.7']);

  await options.getByText('192.0.2.7').click();
  expect(await dialog.getByLabel('User').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Add node' }).click();

  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('article', { name: '192.0.2.7' }).waitFor();
});

it('says under the path of a key file what is wrong with it, before anything is added', async () => {
  await page.getByRole('button', { name: 'Add node' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a node' });
  await dialog.getByLabel('Login').click();
  await page.getByRole('option', { name: 'A private key file' }).click();
  writeFileSync(join(dir, 'id.pub'), 'ssh-ed25519 AAAAC3Nz lab\n');
  await dialog.getByLabel('Private key file').fill(join(dir, 'none'));
  await dialog.getByText('does not exist').waitFor();
  await dialog.getByLabel('Private key file').fill(join(dir, 'id.pub'));
  await dialog.getByText('is a public key').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
});

it('puts the key on a node with a password that is used once, and says why it could not', async () => {
  await page.getByRole('button', { name: 'Add node' }).click();
  const adding = page.getByRole('dialog', { name: 'Add a node' });
  // Nothing listens at the port of tcpmux.
  await adding.getByLabel('Host').fill('127.0.0.1');
  await adding.getByLabel('SSH port').fill('1');
  await adding.getByLabel('User').fill('lab');
  await adding.getByLabel('Name').fill('closed');
  await adding.getByRole('button', { name: 'Add node' }).click();
  await adding.waitFor({ state: 'hidden' });
  await chooseNode(page, 'closed');
  await page.getByRole('button', { name: 'Login and secrets' }).click();
  const dialog = page.getByRole('dialog', { name: 'Login of closed' });
  await dialog.getByLabel('Password, once').fill('hunter2');
  await dialog.getByRole('button', { name: 'Put key on node' }).click();

  await dialog.getByText('127.0.0.1, port 1 refuses connections').waitFor();
});

it('keeps a dialog and what was typed into it when the window becomes so wide that what it was opened from changes its place', async () => {
  const dialog = page.getByRole('dialog', { name: 'Login of closed' });
  const drawer = page.getByRole('dialog', { name: 'closed', exact: true });
  await dialog.getByLabel('Password, once').fill('hunter2');
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  for (const width of [1024, 1600]) {
    await page.setViewportSize({ width, height: size.height });
    await page.waitForFunction((expected) => window.innerWidth === expected, width);
    expect(await dialog.getByLabel('Password, once').inputValue()).toBe('hunter2');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await drawer.waitFor({ state: width < 1200 ? 'visible' : 'hidden' });
    await page.getByRole('button', { name: 'Login and secrets' }).click();
    await dialog.getByLabel('Password, once').fill('hunter2');
  }
  await page.setViewportSize(size);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});
