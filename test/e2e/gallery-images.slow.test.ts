// What is done with images of the gallery: their settings and files, two parameters, a lost one, and the layout in three sizes.
import { readFileSync, rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { imageFilePath } from '../../src/main/adapters/images/image-paths.js';
import { findBarriers } from '../support/find-barriers.js';
import { TOTAL } from '../support/gallery-runs.js';
import { galleryOf, openFilledGallery, openGalleryAfresh } from '../support/gallery-steps.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { heading } from '../support/window-steps.js';

let dataDir: string;
let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;
beforeAll(async () => {
  ({ page, dataDir, complaints, close } = await openFilledGallery());
}, 300_000);
afterAll(() => close?.());
screenshotOnFailure(() => page);
beforeEach(() => openGalleryAfresh(page));

const { count, tiles, viewer, search } = galleryOf(() => page);

it('opens the composer with the settings of an image and says what they change', async () => {
  await search('run:"Dogs B"');
  await count(50).waitFor();
  await tiles().first().click();
  await page.getByRole('link', { name: 'Use these settings' }).click();
  await heading(page, 'New run').waitFor();
  const changed = page.getByRole('list', { name: 'Changed settings' });
  await changed.getByText('Steps').waitFor();
  const form = page.getByRole('form', { name: 'New run' });
  expect([await form.getByLabel('Min steps').inputValue(), await form.getByLabel('Max steps').inputValue()]).toEqual(['10', '10']);
  expect(await form.getByLabel('Seed').inputValue()).toBe('3');
});

it('gives an image with its facts in the file', async () => {
  await search('run:"Dogs B"');
  await count(50).waitFor();
  await tiles().first().click();
  const link = page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'Download' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const bytes = readFileSync(await download.path()).toString('latin1');
  for (const keyword of ['prompt', 'seed', 'steps', 'node', 'run', 'simulated']) expect(bytes).toContain(`iTXt${keyword}\0`);
});

it('shows images by two parameters, in the address, and exports a cell', async () => {
  await search('dog');
  await page.getByRole('radio', { name: 'By two parameters' }).click();
  const table = page.getByRole('region', { name: 'Images by prompt and scheduler' });
  await table.getByRole('columnheader', { name: 'Round-robin' }).waitFor();
  await expect.poll(() => table.getByRole('row').count()).toBe(4);
  await table.getByRole('button', { name: /^10 images of A dog catches a frisbee, Round-robin$/ }).waitFor();
  await table.getByRole('button', { name: /^Export the images of A dog in the snow, Random/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export images' });
  await dialog.getByText('20 images,').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Columns' }).click();
  await page.getByRole('option', { name: 'Run', exact: true }).click();
  await page.reload();
  await page.getByRole('columnheader', { name: 'Dogs A' }).waitFor();
  await page.getByRole('button', { name: /^20 images of A dog in the snow, Dogs A$/ }).click();
  await count(20).waitFor();
});

it('says of a lost image why it can not be had again', async () => {
  await search('run:"Dogs A"');
  await count(100).waitFor();
  const address = (await tiles().first().locator('img').getAttribute('src')) ?? '';
  const sha256 = /[0-9a-f]{64}/.exec(address)?.[0] ?? '';
  const path = imageFilePath(dataDir, sha256, 'image/png');
  rmSync(path);
  await page.reload();
  await page.getByText('Image file is missing').first().waitFor();
  await page
    .getByText(/The testbed that made it is gone|No node of testbed “Lab” answers/)
    .first()
    .waitFor();
});

it.each([
  [1024, 700],
  [1440, 900],
  [2560, 1440],
])('nothing is cut at %i x %i, and axe has no complaint in either theme', async (width, height) => {
  await page.setViewportSize({ width, height });
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    await search('');
    await count(TOTAL).waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await tiles().first().click();
    await page
      .getByRole('checkbox', { name: /^Select image/ })
      .first()
      .check();
    expect(await findBarriers(page)).toEqual([]);
    const sideways = await page.evaluate(
      () => [...document.querySelectorAll('main, main > div')].filter((box) => box.scrollWidth > box.clientWidth).length,
    );
    expect(sideways).toBe(0);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'Full window' }).click();
    await viewer().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await viewer().getByRole('button', { name: 'Compare with the next' }).click();
    await viewer().getByRole('slider').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await viewer().getByRole('radio', { name: 'Side by side' }).click();
    expect(await findBarriers(page)).toEqual([]);
    await viewer().getByRole('radio', { name: 'Slider' }).click();
    await page.keyboard.press('Escape');
    await viewer().waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'By two parameters' }).click();
    await page.getByRole('region', { name: /^Images by/ }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('radio', { name: 'Grid' }).click();
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog', { name: 'Export images' }).getByText('For example').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear the selection' }).click();
  }
});

it('had nothing to complain about but the image that was lost', () => {
  expect(complaints.filter((complaint) => !/404|Failed to load resource/.test(complaint))).toEqual([]);
});
