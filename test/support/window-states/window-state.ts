// One thing that the window can show, and how to get there from wherever the page is.
import type { Locator, Page } from 'playwright-core';
import type { Services } from '../../../src/main/api/services.js';
import type { FilledIds } from './fill-program.js';
import type { Api } from './open-program.js';

export interface StateContext {
  page: Page;
  api: Api;
  services: Services;
  ids: FilledIds;
}

export interface WindowState {
  /** Also of the picture's file: lower case and hyphens. */
  name: string;
  /** Resolves when the page shows it, apart from what settles by itself. */
  open(context: StateContext): Promise<void>;
}

/** Goes to an address of the window and waits for the view's heading. What was open over the page is closed. */
export async function visit(page: Page, path: string): Promise<void> {
  const drawer = page.getByRole('region', { name: 'Activity' });
  for (let layers = 0; layers < 4 && (await page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]').count()) > 0; layers++) {
    await page.keyboard.press('Escape');
  }
  if (await drawer.isVisible()) await page.keyboard.press('Control+J');
  await page.evaluate(() => (location.hash = '#/between-two-states'));
  await page.evaluate((target) => (location.hash = `#${target}`), path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}

export const at = (name: string, path: string | ((ids: FilledIds) => string), shown?: (page: Page) => Locator): WindowState => ({
  name,
  async open({ page, ids }) {
    await visit(page, typeof path === 'string' ? path : path(ids));
    await shown?.(page).first().waitFor();
  },
});

/** A state that is reached from an address by doing something. */
export const doing = (name: string, path: string | ((ids: FilledIds) => string), act: (page: Page) => Promise<void>): WindowState => ({
  name,
  async open({ page, ids }) {
    await visit(page, typeof path === 'string' ? path : path(ids));
    await act(page);
  },
});

/** The dialog behind a button. */
export const dialog = (name: string, path: string | ((ids: FilledIds) => string), button: string | RegExp): WindowState =>
  doing(name, path, async (page) => {
    await page
      .getByRole('button', { name: button, exact: typeof button === 'string' })
      .first()
      .click();
    await page.locator('[role="dialog"], [role="alertdialog"]').first().waitFor();
  });
