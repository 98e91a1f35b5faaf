// From a folder of pairs to images made of its pictures, in the window.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePng } from '../support/make-picture.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { createVirtualTestbed, fillNewRun, goTo, heading, provision, untilReady, untilRunIs } from '../support/window-steps.js';

let window: OpenWindow;
let folder: string;
screenshotOnFailure(() => window.page);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boats-'));
  const prompts = ['a red boat', 'a blue boat', 'a boat in a storm', 'a boat that is lost'];
  prompts.slice(0, 3).forEach((_, index) => writeFileSync(join(folder, `${index}.png`), makePng(96, 64, { shade: index * 80 })));
  const lines = prompts.map((prompt, index) => `${JSON.stringify({ file_name: `${index}.png`, prompt })}\n`);
  writeFileSync(join(folder, 'metadata.jsonl'), lines.join(''));
  window = await openWindow();
}, 120_000);
afterAll(async () => {
  await window.close();
  rmSync(folder, { recursive: true, force: true });
  expect(window.complaints).toEqual([]);
});

it('imports the pairs after showing what is wrong with them, and runs them with a strength', async () => {
  const { page } = window;
  await goTo(page, 'Datasets');
  await page.getByRole('button', { name: 'Import a file' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Import a dataset' });
  await dialog.getByLabel('Or a folder of pairs on this machine').fill(folder);
  await dialog.getByRole('button', { name: 'Read folder' }).click();
  await dialog.getByText('“3.png” is not there').waitFor();
  expect(await dialog.locator('dl').innerText()).toMatch(/Captions without a picture\s+1 dropped/);
  await dialog.getByRole('button', { name: 'Import 3 prompts anyway' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: basename(folder) }).click();
  await page.getByText('with 3 pictures').waitFor();

  await createVirtualTestbed(page, { name: 'Bench', nodes: 2, timeScale: 20 });
  await provision(page);
  await untilReady(page);
  await fillNewRun(page, { name: 'Of pictures', count: 3 });
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByRole('radio', { name: /^Image-to-image/ }).click();
  await form.getByLabel('Strength').fill('0.5');
  await page.getByRole('button', { name: 'Start run' }).click();
  await heading(page, 'Of pictures').waitFor();
  await untilRunIs(page, 'Succeeded');
  await goTo(page, 'Gallery');
  await page.getByRole('button', { name: /^Open image of task 1: / }).click();
  await page
    .getByText(/^\d+ computed of \d+$/)
    .first()
    .waitFor();
}, 300_000);
