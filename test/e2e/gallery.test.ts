// The gallery: found by words, its grid, and by keyboard alone, with the place kept over Back and reload.
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/find-barriers.js';
import { DOG_FRISBEE, HOSTILE, TOTAL } from '../support/gallery-runs.js';
import { galleryOf, openFilledGallery, openGalleryAfresh } from '../support/gallery-steps.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { eventually } from '../support/until.js';
import { heading } from '../support/window-steps.js';

let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;
beforeAll(async () => {
  ({ page, complaints, close } = await openFilledGallery());
}, 300_000);
afterAll(() => close?.());
screenshotOnFailure(() => page);
beforeEach(() => openGalleryAfresh(page));

const { count, field, tiles, viewer, search } = galleryOf(() => page);
const focusedName = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
const position = (): Promise<number> => page.evaluate(() => document.querySelector('[aria-label="Images"]')?.parentElement?.scrollTop ?? 0);

describe('a search', () => {
  it('finds all and only the images whose prompts hold both words, and never says that there are none meanwhile', async () => {
    await page.evaluate(() => {
      const seen = window as unknown as { zeros: number };
      seen.zeros = 0;
      new MutationObserver(() => {
        if (/(^|\D)0 images|No image/.test(document.querySelector('main')?.textContent ?? '')) seen.zeros += 1;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await search('dog frisbee');
    await count(DOG_FRISBEE).waitFor();
    for (const name of await tiles().evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label') ?? ''))) {
      expect(name).toMatch(/\bdog\b/i);
      expect(name).toMatch(/\bfrisbee\b/i);
    }
    await search('dog frisbee scheduler:round-robin');
    await count(20).waitFor();
    await search('');
    await count(TOTAL).waitFor();
    expect(await page.evaluate(() => (window as unknown as { zeros: number }).zeros)).toBe(0);
  });

  it('keeps the last result where it is not understood, and helps where it finds nothing', async () => {
    await search('dog frisbee');
    await count(DOG_FRISBEE).waitFor();
    await search('dog steps:many');
    await page.getByText('The last result stays.').waitFor();
    expect(await count(DOG_FRISBEE).isVisible()).toBe(true);
    await search('frisb');
    await page.getByRole('button', { name: 'Search words that start with “frisb”' }).click();
    await count(120).waitFor();
    expect(await field().inputValue()).toBe('frisb*');
  });

  it('is written by the filters, and taken apart by chips', async () => {
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Scheduler').fill('round-robin');
    await page.getByLabel('Scheduler').press('Enter');
    await count(50).waitFor();
    expect(await field().inputValue()).toBe('scheduler:round-robin');
    await page.getByLabel('Simulated').click();
    await page.getByRole('option', { name: 'No', exact: true }).click();
    await page.getByText('No image matches').waitFor();
    await page.getByRole('button', { name: 'Remove the filter: scheduler:round-robin' }).click();
    await count(2).waitFor();
  });

  it('shows hostile words as they are, and nothing more', async () => {
    await search('run:gnp');
    await count(2).waitFor();
    await tiles().first().click();
    const panel = page.getByRole('region', { name: 'Details' });
    await panel.locator('figcaption').getByText('{{ 7 * 7 }}').waitFor();
    expect(await panel.locator('figcaption bdi').textContent()).toBe(HOSTILE.replace('\u{202e}', '\u{fffd}'));
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });
});

describe('the grid', () => {
  it('draws fewer than 200 tiles, and reaches its last image', async () => {
    await tiles().first().focus();
    await page.keyboard.press('End');
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'))).toBe(String(TOTAL)),
    );
    expect(await page.locator('[aria-label="Images"] > li').count()).toBeLessThan(200);
    await page.keyboard.press('Home');
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'))).toBe('1'),
    );
  });

  it('shows its times at the side, which lead to any place by pointer, key and time', async () => {
    const slider = page.getByRole('slider', { name: 'Time in the list' });
    await slider.waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toContain(`image 1 of ${TOTAL.toLocaleString('en')}`);
    const box = (await slider.boundingBox())!;
    await page.mouse.click(box.x + 20, box.y + box.height / 2);
    await eventually(async () => expect(Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(TOTAL * 0.4));
    await slider.focus();
    await slider.press('PageUp');
    await eventually(async () => expect(await slider.getAttribute('aria-valuetext')).not.toContain('Large'));
    await slider.press('End');
    await page.getByRole('button', { name: 'Open image of task 1: Filler number 0', exact: true }).waitFor();
    await slider.press('Home');
    await eventually(async () => expect(await slider.getAttribute('aria-valuenow')).toBe('1'));
    await page.getByLabel('Jump to a time').fill('2001-02-03T04:05');
    await eventually(async () => expect(Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(TOTAL * 0.8));
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'By seed' }).click();
    await slider.waitFor({ state: 'detached' });
  });

  it('changes its columns with the size', async () => {
    const columns = (): Promise<number> =>
      page.locator('[aria-label="Images"]').evaluate((list) => Number(list.getAttribute('data-columns')));
    const before = await columns();
    await page.getByRole('slider', { name: 'Size' }).fill('320');
    await eventually(async () => expect(await columns()).toBeLessThan(before));
    await page.getByRole('slider', { name: 'Size' }).fill('96');
    await eventually(async () => expect(await columns()).toBeGreaterThan(before));
  });

  it('comes back with query, place and focus from another view, and after a reload', async () => {
    await search('filler');
    await count(2000).waitFor();
    await tiles().first().focus();
    for (let page_ = 0; page_ < 6; page_++) await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await focusedName()).toMatch(/^Open image of task/));
    await page.keyboard.press('p');
    await page.getByRole('region', { name: 'Details' }).getByText('Service delay').waitFor();
    await eventually(async () => expect(page.url()).toContain('at='));
    const [name, px] = [await focusedName(), await position()];
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'Task in its run' }).click();
    await heading(page, 'Large').waitFor();
    await page.goBack();
    await count(2000).waitFor();
    await eventually(async () => expect([await focusedName(), await position()]).toEqual([name, px]));
    await page.reload();
    await count(2000).waitFor();
    await eventually(async () => expect([await focusedName(), await position()]).toEqual([name, px]));
    expect(await field().inputValue()).toBe('filler');
  });
});

describe('by keyboard alone', () => {
  it('selects all, exports, and the manifest has as many lines as were counted', async () => {
    await search('dog frisbee');
    await count(DOG_FRISBEE).waitFor();
    await tiles().first().focus();
    await page.keyboard.press('Control+a');
    await page.getByText(`${DOG_FRISBEE} images selected`).waitFor();
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export images' });
    await dialog.getByText(`${DOG_FRISBEE} images,`).waitFor();
    await dialog.getByRole('button', { name: 'Export', exact: true }).focus();
    await page.keyboard.press('Enter');
    const link = dialog.getByRole('link', { name: /^Download/ });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), link.press('Enter')]);
    const files = unzipSync(readFileSync(await download.path()));
    const { images } = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as { images: { prompt: string }[] };
    expect(images).toHaveLength(DOG_FRISBEE);
    expect(Object.keys(files)).toHaveLength(DOG_FRISBEE + 2);
    for (const { prompt } of images) expect(prompt).toMatch(/dog.*frisbee|frisbee.*dog/i);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
  });

  it('selects a stretch, compares two, and moves the slider', async () => {
    await tiles().first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 images selected').waitFor();
    await page.keyboard.press('c');
    await viewer().waitFor();
    const slider = viewer().getByRole('slider', { name: 'Where A ends and B starts' });
    await eventually(async () => expect(await slider.evaluate((input) => input === document.activeElement)).toBe(true));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await slider.inputValue()).toBe('52'));
    await viewer().getByRole('table', { name: 'Facts of both images' }).getByText('differs').first().waitFor();
    await viewer().getByRole('radio', { name: 'Side by side' }).click();
    expect(await viewer().getByRole('group').count()).toBeGreaterThanOrEqual(2);
    await page.keyboard.press('Escape');
    await viewer().waitFor({ state: 'detached' });
    await eventually(async () => expect(await focusedName()).toMatch(/^Open image of task/));
  });

  it('opens an image, zooms, steps, and comes back to the image that was seen last', async () => {
    await search('filler');
    await count(2000).waitFor();
    await tiles().first().focus();
    await page.keyboard.press('Enter');
    await viewer().waitFor();
    const zoom = viewer().getByTestId('zoom');
    const fitted = await zoom.textContent();
    await page.keyboard.press('1');
    await eventually(async () => expect(await zoom.textContent()).toBe('100 %'));
    await page.keyboard.press('+');
    await eventually(async () => expect(await zoom.textContent()).toBe('125 %'));
    await page.keyboard.press('0');
    await eventually(async () => expect(await zoom.textContent()).toBe(fitted));
    await page.keyboard.press(']');
    await viewer()
      .getByText(/^2 of 2,000\./)
      .waitFor();
    await page.keyboard.press(']');
    await viewer()
      .getByText(/^3 of 2,000\./)
      .waitFor();
    await page.keyboard.press('Escape');
    await viewer().waitFor({ state: 'detached' });
    await eventually(async () =>
      expect(await page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'))).toBe('3'),
    );
  });
});

it('had nothing to complain about', () => {
  expect(complaints).toEqual([]);
});
