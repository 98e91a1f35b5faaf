// Jobs in the window and from a terminal beside it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCli, runCliJson } from '../support/cli.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { goTo, heading } from '../support/window-steps.js';

let folder: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-window-'));
  [program, browser] = await Promise.all([startProgram(join(folder, 'data')), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const jobs = (...args: string[]): string[] => ['jobs', ...args, '--data', join(folder, 'data')];
const table = () => page.getByRole('table', { name: 'Jobs' });
const row = (name: string) => table().getByRole('row').filter({ hasText: name });

describe('jobs', () => {
  it('say what they are while there are none', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await heading(page, 'Jobs').waitFor();
    await page.getByText('No jobs yet').waitFor();
    expect(await runCli(jobs('list'))).toMatchObject({ status: 0, stdout: 'No jobs.\n' });
  });

  it('show up in the window as a terminal starts them, with what went wrong', async () => {
    const path = join(folder, 'sd3.safetensors');
    writeFileSync(path, 'no model at all');
    expect((await runCli(['model', 'add', path, '--data', join(folder, 'data')])).status).toBe(2);
    await row('Add model “sd3.safetensors”').getByText('Failed').waitFor();
    await row('Add model “sd3.safetensors”').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Add model “sd3.safetensors”' }).getByRole('alert').getByText('sd3.safetensors').waitFor();
  });

  it('are paused in the window, resumed from the terminal and given up after a question', async () => {
    const train = ['train', '--method', 'sac-ts', '--episodes', '100000', '--data', join(folder, 'data')];
    const training = runCli(train);
    await row('Train “SAC-TS').getByText('Running').waitFor();
    await row('Train “SAC-TS')
      .getByRole('button', { name: /^Pause/ })
      .click();
    await row('Train “SAC-TS').getByText('Paused').waitFor();
    await training;
    const { document } = await runCliJson(jobs('list', '--kind', 'training'));
    const [{ id }] = document as [{ id: string }];
    const resumed = runCli(jobs('resume', id));
    await row('Train “SAC-TS').getByText('Running').waitFor();
    await row('Train “SAC-TS')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await page.getByRole('button', { name: 'Cancel job' }).click();
    await row('Train “SAC-TS').getByText('Canceled').waitFor();
    expect((await resumed).status).toBe(130);
    expect(await runCliJson(jobs('show', id))).toMatchObject({ status: 0, document: { id, state: 'cancelled', kind: 'training' } });
    expect((await runCliJson(jobs('resume', id))).status).toBe(4);
  });

  it('lead to the page of what they are about', async () => {
    await row('Train “SAC-TS').getByRole('link').click();
    await heading(page, /SAC-TS/).waitFor();
    await goTo(page, 'Jobs');
    await row('Train “SAC-TS').waitFor();
    expect(complaints).toEqual([]);
  });
});
