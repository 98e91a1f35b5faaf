// The bin of what the history is made with, and Settings: found by words, changed at once, taken back.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/find-barriers.js';
import { openWindow } from '../support/open-window.js';
import { fillHistory } from '../support/filled-history.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  ({ page, complaints, close } = await openWindow((dataDir) =>
    fillHistory(dataDir, [{ name: 'Small', scheduler: 'random', taskCount: 4 }]),
  ));
  await page.setViewportSize({ width: 1440, height: 900 });
});
afterAll(() => close?.());
screenshotOnFailure(() => page);

const undoOf = (message: string): Locator => page.locator('li').filter({ hasText: message }).getByRole('button', { name: 'Undo' });
const bin = (): Locator => page.getByRole('treegrid', { name: 'Bin' });
const themeOf = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);

describe('the bin', () => {
  it('takes a dataset at once; Undo in the toast brings it back', async () => {
    await goTo(page, 'Datasets');
    await page.getByRole('button', { name: 'Import the sample' }).first().click();
    const link = page.getByRole('table', { name: 'Datasets' }).getByRole('link').last();
    const name = (await link.textContent())?.trim() ?? '';
    await page.getByRole('button', { name: `Move ${name} to the bin` }).click();
    await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
    await undoOf(`Dataset ${name} moved to the bin.`).click();
    await page.getByRole('link', { name, exact: true }).waitFor();
  });

  it('takes a testbed from its page, and Ctrl+Z brings it back', async () => {
    await goTo(page, 'Testbeds');
    const link = page.getByRole('main').getByRole('link', { name: 'Lab' }).first();
    await link.click();
    await heading(page, 'Lab').waitFor();
    const address = page.url();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Testbeds').waitFor();
    await page.getByText('Testbed Lab moved to the bin.').first().waitFor();
    await page.goto(address);
    await page.getByText('This testbed is in the bin').waitFor();
    complaints.length = 0;
    await page.getByRole('button', { name: 'Restore from the bin' }).click();
    await heading(page, 'Lab').waitFor();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Testbeds').waitFor();
    await page.getByText('Testbed Lab moved to the bin.').first().waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('main').getByRole('link', { name: 'Lab' }).first().waitFor({ timeout: 15_000 });
  });

  it.each(['light', 'dark'] as const)('shows everything with its kind and size, in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await goTo(page, 'Reports');
    await page.getByRole('button', { name: 'New report' }).first().click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Create/ })
      .click();
    await page.waitForURL(/#\/reports\/./);
    await goTo(page, 'Reports');
    await page
      .getByRole('button', { name: /^Move .* to the bin$/ })
      .first()
      .click();
    await page
      .getByText(/^Report .* moved to the bin\.$/)
      .first()
      .waitFor();
    await goTo(page, 'Runs');
    await page.getByRole('link', { name: /^Bin \d/ }).click();
    await heading(page, 'Bin').waitFor();
    await bin().getByRole('img', { name: 'Report' }).first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('is emptied, and says so', async () => {
    await page.getByRole('button', { name: 'Empty bin' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Empty bin' }).click();
    await page.getByText(/^2 items removed for good/).waitFor();
    await page.getByText('The bin is empty').waitFor();
    // The command keeps its place, so that no other one comes under the pointer.
    const command = page.getByRole('button', { name: 'Empty bin' });
    expect(await command.getAttribute('aria-disabled')).toBe('true');
    expect(await command.getAttribute('title')).toBe('The bin is empty');
  });
});

describe('Settings', () => {
  it('finds a setting by another word for it, jumps to it and marks it', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('electricity');
    const found = page.getByRole('list', { name: 'Settings found' });
    await found.getByRole('link', { name: /What is counted/ }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=prices/);
    await page.locator('#setting-prices[data-marked]').getByLabel('Energy').waitFor();
  });

  it('undoes a change, and leads back to the default', async () => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('dark');
    await page.getByRole('link', { name: /^Theme/ }).click();
    const row = page.locator('#setting-theme');
    await row.getByRole('combobox').click();
    await page.getByRole('option', { name: 'Dark' }).click();
    await expect.poll(themeOf).toBe('dark');
    await row.getByText('Changed. By itself: Same as the system').waitFor();
    await undoOf('Theme: Dark.').click();
    await expect.poll(themeOf).toBe('light');
    await row.getByRole('combobox').click();
    await page.getByRole('option', { name: 'Dark' }).click();
    await row.getByRole('button', { name: 'Back to default' }).click();
    await expect.poll(themeOf).toBe('light');
    await row.getByText('Changed.').waitFor({ state: 'detached' });
  });

  it('keeps a price at once, takes it back, and shows where it differs', async () => {
    await page.getByRole('tab', { name: 'Prices and energy' }).click();
    const energy = page.locator('#setting-prices').getByLabel('Energy');
    const before = await energy.inputValue();
    await energy.fill('0.77');
    await undoOf('What is counted in costs: changed.').waitFor();
    await page.locator('#setting-prices').getByText('Changed.').waitFor();
    await undoOf('What is counted in costs: changed.').click();
    await expect.poll(() => energy.inputValue()).toBe(before);
  });

  it.each(['light', 'dark'] as const)('axe has no complaint about its new tabs in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const tab of ['This window', 'Notifications', 'Prices and energy', 'Data']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
    }
  });

  it('made no complaint in the browser', () => {
    expect(complaints).toEqual([]);
  });
});
