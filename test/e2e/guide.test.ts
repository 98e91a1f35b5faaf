// The user's guide inside the program: from the help of a view to its section, by keyboard, without a network.
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GUIDE_SECTIONS } from '../../src/renderer/views/guide/guide-sections.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

let opened: OpenWindow;
/** Of every request so far. */
const asked: string[] = [];

beforeAll(async () => {
  opened = await openWindow();
  opened.page.on('request', (request) => asked.push(request.url()));
  await heading(opened.page, 'Overview').waitFor();
});
beforeEach(() => opened.page.setViewportSize({ width: 1024, height: 700 }));
afterEach(() => expect(opened.complaints.splice(0)).toEqual([]));
afterAll(() => opened?.close());
screenshotOnFailure(() => opened.page);

const section = (name: string): Locator => opened.page.getByRole('heading', { level: 2, name, exact: true });
const focused = (): Promise<string> => opened.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

describe('the guide', () => {
  it('opens from the help of a view at the section of that view', async () => {
    const { page } = opened;
    await goTo(page, 'Gallery');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).getByRole('link', { name: 'About this view' }).click();
    await heading(page, 'User guide').waitFor();
    expect(new URL(page.url()).hash).toBe('#/guide/gallery');
    await expect.poll(focused).toBe('Gallery');
    const view = await page.locator('#view').boundingBox();
    const shown = await section('Gallery').boundingBox();
    expect(shown!.y).toBeGreaterThanOrEqual(view!.y);
    expect(shown!.y).toBeLessThan(view!.y + 100);
  });

  it('goes from section to section by keyboard, and back', async () => {
    const { page } = opened;
    const contents = page.getByRole('navigation', { name: 'Sections' });
    await contents.getByRole('link', { name: 'Table V' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Table V');
    expect(await contents.getByRole('link', { name: 'Table V' }).getAttribute('aria-current')).toBe('location');
    await page.goBack();
    await expect.poll(focused).toBe('Gallery');
  });

  it('is searched by Ctrl+F, with a count and its next and previous places', async () => {
    const { page } = opened;
    const field = page.getByRole('searchbox', { name: 'Search in the guide' });
    const count = page.getByRole('search', { name: 'The user guide' }).getByRole('status');
    const marked = (name: string): Promise<string[]> =>
      page.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map((range) => (range as Range).toString().toLowerCase()), name);
    await page.keyboard.press('Control+f');
    await field.and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Table V');
    await expect.poll(() => count.innerText()).toMatch(/^1 of \d+$/);
    const total = Number((await count.innerText()).split(' ').at(-1));
    expect(await marked('found')).toEqual(Array.from({ length: total }, () => 'table v'));
    await page.keyboard.press('Enter');
    await expect.poll(() => count.innerText()).toBe(`2 of ${total}`);
    await page.keyboard.press('Shift+F3');
    await page.keyboard.press('Shift+Enter');
    await expect.poll(() => count.innerText()).toBe(`${total} of ${total}`);
    expect(await marked('found-current')).toEqual(['table v']);
    await field.fill('no such words');
    await expect.poll(() => count.innerText()).toBe('Not found');
    await field.press('Escape');
    expect(await marked('found')).toEqual([]);
  });

  it('is a command of the palette, and lists every section', async () => {
    const { page } = opened;
    await goTo(page, 'Overview');
    await page.keyboard.press('Control+K');
    await page.keyboard.type('user guide');
    await page
      .getByRole('option', { name: /User guide/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'User guide').waitFor();
    await expect.poll(focused).toBe('User guide');
    expect(await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').count()).toBe(GUIDE_SECTIONS.length);
  });

  it('shows the pictures of the theme, and asks nothing outside the program', async () => {
    const { page } = opened;
    const picture = page.getByRole('img', { name: /^A live run/ });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1280);
      expect((await picture.getAttribute('src'))!.includes('-dark')).toBe(theme === 'dark');
    }
    await page.emulateMedia({ colorScheme: null });
    const { origin, host } = new URL(page.url());
    expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith(`ws://${host}`) && !/^(blob|data):/.test(url))).toEqual([]);
  });

  it.each([1024, 1440, 2560])('has no complaint of axe and no sideways scroll at a width of %i', async (width) => {
    const { page } = opened;
    await page.setViewportSize({ width, height: 900 });
    const { scrollWidth, clientWidth } = await page
      .locator('#view')
      .evaluate((view) => ({ scrollWidth: view.scrollWidth, clientWidth: view.clientWidth }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    if (width === 1440) expect(await complaintsOfAxe(page)).toEqual([]);
  });

  it('stays at its start where an address names no section', async () => {
    const { page } = opened;
    await page.goto(`${new URL(page.url()).origin}/#/guide/nowhere`);
    await heading(page, 'User guide').waitFor();
    await section('Getting started').waitFor();
  });
});
