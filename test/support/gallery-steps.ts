// The gallery as a test in the browser uses it: over the runs of gallery-runs.ts, each time as it is opened the first time.
import type { Locator, Page } from 'playwright-core';
import { fillHistory } from './filled-history.js';
import { RUNS, TOTAL } from './gallery-runs.js';
import { openWindow, type OpenWindow } from './open-window.js';
import { goTo, heading } from './window-steps.js';

export interface GallerySteps {
  count: (images: number) => Locator;
  field: () => Locator;
  tiles: () => Locator;
  viewer: () => Locator;
  search: (query: string) => Promise<void>;
}

export async function openFilledGallery(): Promise<OpenWindow> {
  const opened = await openWindow((folder) => fillHistory(folder, RUNS));
  await opened.page.setViewportSize({ width: 1440, height: 900 });
  return opened;
}

/** `page` is asked at each use: a test opens it later. */
export function galleryOf(page: () => Page): GallerySteps {
  const field = (): Locator => page().getByRole('combobox', { name: 'Search prompts' });
  return {
    count: (images) =>
      page()
        .getByRole('status')
        .getByText(`${images.toLocaleString('en')} images`, { exact: true }),
    field,
    tiles: () =>
      page()
        .getByRole('list', { name: 'Images' })
        .getByRole('button', { name: /^Open image of task/ }),
    viewer: () =>
      page()
        .getByRole('dialog')
        .filter({ has: page().getByTestId('zoom') }),
    async search(query) {
      await field().fill(query);
      await field().press('Enter');
    },
  };
}

/** Leaves nothing of what a test before looked at, also from under a dialog that it left open. */
export async function openGalleryAfresh(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/runs'));
  await heading(page, 'Runs').waitFor();
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await goTo(page, 'Gallery');
  await galleryOf(() => page)
    .count(TOTAL)
    .waitFor();
}
