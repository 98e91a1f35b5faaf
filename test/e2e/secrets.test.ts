// Secrets in the window: the vault, a node with a password, a pasted list; and the window never gets a secret back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { type RecordingSshServer, startRecordingServer } from '../support/ssh-server.js';
import { chooseNode, createRealTestbed, goTo } from '../support/window-steps.js';

const PASSPHRASE = 'a long passphrase of the vault';
const PASSWORD = 'hunter2-in-the-window';
let dir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let server: RecordingSshServer;
/** Everything that the program sent to the window. */
const received: string[] = [];
screenshotOnFailure(() => page);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  server = await startRecordingServer({ acceptsLogin: false, methodsLeft: ['password'] });
  [program, browser] = await Promise.all([startProgram(join(dir, 'data'), { HOME: dir }), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => received.push(String(payload))));
  await page.reload();
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

it('makes a vault, with the passphrase typed twice', async () => {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await page.getByText("Only the desktop program reaches the system's key store.").waitFor();
  await page.getByRole('button', { name: 'Create vault' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create vault' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByLabel('Repeat the passphrase').fill('something else');
  await dialog.getByRole('button', { name: 'Create vault' }).click();
  await dialog.getByText('It is not the same').waitFor();
  await dialog.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Create vault' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Unlocked').waitFor();
});

it('adds a node with a password, and says that the vault keeps it', async () => {
  await createRealTestbed(page, 'Lab');
  await page.getByRole('button', { name: 'Add node' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a node' });
  await dialog.getByLabel('Host').fill('127.0.0.1');
  await dialog.getByLabel('SSH port').fill(String(server.port));
  await dialog.getByLabel('User').fill('lab');
  await dialog.getByLabel('Login').click();
  await page.getByRole('option', { name: 'A password' }).click();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByLabel('Name').fill('orin-1');
  await dialog.getByRole('button', { name: 'Add node' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await chooseNode(page, 'orin-1');

  await page.getByText('The vault file', { exact: true }).waitFor();
  expect(received.length).toBeGreaterThan(0);
});

it('tells every line of a pasted list what it is, and adds only the good ones', async () => {
  await page.getByRole('button', { name: 'Paste a list' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nodes from a list' });
  await dialog
    .getByLabel('Hosts')
    .fill(`lab@127.0.0.1:${server.port}\nlab@192.0.2.8 orin-2\nHost orin-3\n  HostName 192.0.2.9\n  User lab\nwhat is this`);
  const lines = dialog.getByRole('list', { name: 'Lines' }).getByRole('listitem');
  await lines.nth(3).waitFor();
  expect(await lines.allInnerTexts()).toEqual([
    expect.stringMatching(/Duplicate[^]*orin-1 of this testbed/) as string,
    expect.stringMatching(/Ready[^]*orin-2: lab@192\.0\.2\.8:22/) as string,
    expect.stringMatching(/Ready[^]*orin-3: lab@192\.0\.2\.9:22/) as string,
    expect.stringMatching(/Not read/) as string,
  ]);

  await dialog.getByRole('button', { name: 'Add 2 nodes' }).click();

  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('orin-3').first().waitFor();
});

it('locks the vault, asks for its passphrase, and never got a secret from the program', async () => {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await page.getByRole('button', { name: 'Lock vault' }).click();
  await page.getByRole('button', { name: 'Unlock vault' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unlock vault' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill('not the passphrase');
  await dialog.getByRole('button', { name: 'Unlock vault' }).click();
  await dialog.getByText('The passphrase of the vault is wrong.').waitFor();
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Unlock vault' }).click();
  await dialog.waitFor({ state: 'hidden' });

  expect(received.join('\n')).not.toContain(PASSWORD);
  expect(received.join('\n')).not.toContain(PASSPHRASE);
  expect(await page.content()).not.toContain(PASSWORD);
});
