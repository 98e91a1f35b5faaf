// What goes wrong in a lab, and what the window says about it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { httpRequest } from '../support/http-request.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { chooseDatasetFile, createVirtualTestbed, fillNewRun, goTo, importSample } from '../support/window-steps.js';

let dataDir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'bad-input-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

// A failed test leaves no open dialog to the next.
beforeEach(() => page.reload());

describe('a dataset file', () => {
  it.each([
    { what: 'that is empty', name: 'nothing.txt', bytes: '', message: 'nothing.txt is empty', remedy: 'one caption per line' },
    {
      what: 'of blank lines only',
      name: 'blank.txt',
      bytes: '\n \n\n',
      message: '"blank.txt" holds nothing but blank lines',
      remedy: 'Flickr8k.token.txt',
    },
    {
      what: 'that is a picture',
      name: 'picture.txt',
      bytes: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
      message: '"picture.txt" is a PNG image, not a text file',
      remedy: 'Flickr8k.token.txt',
    },
  ])('$what is refused by name, with what to choose instead', async ({ name, bytes, message, remedy }) => {
    const dialog = await chooseDatasetFile(page, { name, mimeType: 'text/plain', buffer: Buffer.from(bytes, 'latin1') });
    const alert = dialog.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain(message);
    expect(await alert.innerText()).toContain(remedy);
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
  });
});

describe('a run of more tasks than the dataset has prompts', () => {
  it('cannot start, and both numbers are told; allowing repeated prompts helps', async () => {
    await createVirtualTestbed(page, { name: 'Small', nodes: 1, timeScale: 100 });
    await importSample(page);
    await fillNewRun(page, { name: 'Too many', count: 1000 });
    const problem = page.getByRole('list', { name: 'What prevents it' }).getByText('|N| is 1,000');
    await problem.waitFor();
    expect(await problem.innerText()).toContain('“Sample prompts” has 202 prompts');
    expect(await page.getByRole('button', { name: 'Start run' }).isDisabled()).toBe(true);
    await page.getByRole('switch', { name: 'Allow repeated prompts' }).click();
    await problem.waitFor({ state: 'hidden' });
  });
});

describe('a request without a session', () => {
  it.each(['/', '/trpc', '/exports/comparison.csv', `/images/${'0'.repeat(64)}`])('for %s is refused', async (path) => {
    expect((await httpRequest(Number(new URL(program.url).port), path)).status).toBe(401);
  });
});

describe('a virtual testbed', () => {
  it('refuses a time scale that can not be as it is typed, and computes nothing from it', async () => {
    await goTo(page, 'Testbeds');
    await page.getByRole('button', { name: 'New virtual testbed' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New virtual testbed' });
    await dialog.getByText(/An image of [\d.]+ steps takes/).waitFor();
    await dialog.getByLabel(/^Time scale/).fill('-5');
    await dialog.getByText('At least 0.1; you entered -5').waitFor();
    expect(await dialog.getByText(/An image of [\d.]+ steps takes/).count()).toBe(0);
  });
});
