// What can be done on a page, without its buttons: by the palette, by keys and by the menus of rows; and Back over what is open.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWindow } from '../support/open-window.js';
import { fillHistory } from '../support/filled-history.js';
import { findBarriers } from '../support/find-barriers.js';
import { paletteOf } from '../support/palette-steps.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { chooseNode, goTo, heading, importSample } from '../support/window-steps.js';

const RUNS = [
  { name: 'Overnight LAD 500', scheduler: 'random', taskCount: 2 },
  { name: 'Noon Random 500', scheduler: 'random', taskCount: 2 },
] as const;

let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  ({ page, complaints, close } = await openWindow((dataDir) => fillHistory(dataDir, RUNS)));
  await heading(page, 'Overview').waitFor();
});
beforeEach(() => page.setViewportSize({ width: 1440, height: 900 }));
afterEach(() => expect(complaints.splice(0)).toEqual([]));
afterAll(() => close?.());
screenshotOnFailure(() => page);

const { palette, field } = paletteOf(() => page);
const menu = (): Locator => page.getByRole('menu');
const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

async function typeInPalette(text: string): Promise<void> {
  await page.keyboard.press('Control+K');
  await field().fill(text);
}

/** The words on the buttons and links of the head of the page. */
const headButtons = (): Promise<string[]> =>
  page
    .locator('[data-page-head]')
    .locator('button, a')
    .evaluateAll((elements) => elements.map((element) => (element.ariaLabel ?? element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()));

async function expectHeadInPalette(): Promise<void> {
  await expect.poll(async () => (await headButtons()).length).toBeGreaterThan(0);
  const buttons = await headButtons();
  await typeInPalette('>');
  const group = palette().getByRole('group', { name: 'This page' });
  for (const label of buttons) await group.getByRole('option').filter({ hasText: label }).first().waitFor();
  await page.keyboard.press('Escape');
  await palette().waitFor({ state: 'detached' });
}

async function openRun(): Promise<void> {
  await page.goto(`${new URL('/', page.url()).href}#/runs/run-1`);
  await heading(page, 'Overnight LAD 500').waitFor();
}

describe('what is in the head of a page', () => {
  it('is in the palette, on every page of a thing', async () => {
    await openRun();
    await expectHeadInPalette();
    await goTo(page, 'Testbeds');
    await page.getByRole('link', { name: 'Lab' }).first().click();
    await heading(page, 'Lab').waitFor();
    await expectHeadInPalette();
    await importSample(page);
    await page.getByRole('link', { name: 'Sample prompts' }).click();
    await heading(page, 'Sample prompts').waitFor();
    await expectHeadInPalette();
    for (const view of ['Models', 'Runs', 'Gallery', 'Reports', 'Table V']) {
      await goTo(page, view);
      await expectHeadInPalette();
    }
  });

  it('is pressed from there, and gets the focus back from its dialog', async () => {
    await openRun();
    await typeInPalette('>run again');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /again/i }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Run again');
  });

  it('has its downloads one by one', async () => {
    await openRun();
    await typeInPalette('>export csv');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  });

  it('is there by keys, the same on every page', async () => {
    await openRun();
    await page.keyboard.press('a');
    await page.keyboard.press('c');
    await heading(page, 'Compare').waitFor();
    await openRun();
    await page.keyboard.press('a');
    await page.keyboard.press('e');
    await menu().getByRole('menuitem', { name: /^CSV/ }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Export');
  });

  it('has the keys of its words in a menu too: they are shown there, and do the same', async () => {
    await openRun();
    await page.getByRole('button', { name: 'Export' }).click();
    expect(
      (
        await menu()
          .getByRole('menuitem', { name: /^Archive/ })
          .innerText()
      )
        .split(/\s+/)
        .slice(0, 3),
    ).toEqual(['Archive', 'a', 'z']);
    await page.keyboard.press('Escape');
    await menu().waitFor({ state: 'detached' });
    await page.keyboard.press('a');
    await page.keyboard.press('z');
    await page.getByRole('dialog', { name: /archive/i }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('says why it is not there now', async () => {
    await openRun();
    await typeInPalette('>stop now');
    const option = palette().getByRole('option', { name: /^Stop now/ });
    await expect.poll(() => option.innerText()).toContain('The run has ended');
    await page.keyboard.press('Escape');
    await goTo(page, 'Testbeds');
    await page.getByRole('link', { name: 'Lab' }).first().click();
    await typeInPalette('>calibrate');
    await expect
      .poll(() => palette().getByRole('option').first().innerText())
      .toContain('The times of virtual nodes are set, not measured');
    await page.keyboard.press('Escape');
  });
});

describe('the menu of a row', () => {
  it('opens by Shift+F10 on the focused record, shows the keys, and gives the focus back', async () => {
    await goTo(page, 'Runs');
    const row = page.getByRole('row', { name: /Overnight LAD 500/ });
    await row.focus();
    await page.keyboard.press('Shift+F10');
    await menu().getByRole('menuitem', { name: /^Open/ }).waitFor();
    expect((await menu().getByRole('menuitem', { name: /^Tag/ }).innerText()).split(/\s+/)).toEqual(['Tag', 't']);
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate((chosen) => (document.documentElement.dataset['theme'] = chosen), theme);
      // A menu is drawn at the end of the page, in no region of it: the focus is led into it and back.
      const barriers = async (): Promise<string[]> =>
        (await findBarriers(page)).filter((found) => !found.startsWith('region: <div data-reka-popper'));
      await expect.poll(barriers, { message: theme }).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await menu().waitFor({ state: 'detached' });
    await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('opens by the right button, and does what its keys do', async () => {
    await goTo(page, 'Runs');
    await page.getByRole('row', { name: /Noon Random 500/ }).click({ button: 'right' });
    await menu().getByRole('menuitem', { name: /^Star/ }).click();
    await page.getByRole('button', { name: 'Star Noon Random 500', pressed: true }).waitFor();
  });

  it('is about all that are selected on one of them', async () => {
    await goTo(page, 'Runs');
    await page.getByRole('row', { name: /Overnight LAD 500/ }).focus();
    await page.keyboard.press('Control+A');
    await page.getByText('2 selected').waitFor();
    await page.getByRole('row', { name: /Noon Random 500/ }).click({ button: 'right' });
    await menu()
      .getByRole('menuitem', { name: /^Compare 2 runs/ })
      .click();
    await heading(page, 'Compare').waitFor();
    expect(page.url()).toMatch(/runs=run-\d,run-\d/);
  });

  it('is there for nodes and for images', async () => {
    await goTo(page, 'Testbeds');
    await page.getByRole('link', { name: 'Lab' }).first().click();
    await chooseNode(page, 'ES 1');
    await page.getByRole('article', { name: 'ES 1' }).click({ button: 'right' });
    await menu().getByRole('menuitem', { name: 'Hide its facts Enter' }).waitFor();
    await page.keyboard.press('Escape');
    await menu().waitFor({ state: 'detached' });
    await goTo(page, 'Gallery');
    await page
      .getByRole('button', { name: /^Open image of task 1/ })
      .first()
      .focus();
    await page.keyboard.press('Shift+F10');
    await menu()
      .getByRole('menuitem', { name: /^Task in its run/ })
      .click();
    await heading(page, /500$/).waitFor();
  });
});

describe('Back', () => {
  it('closes what is open over the page, and goes back only then', async () => {
    await goTo(page, 'Runs');
    await page.getByRole('link', { name: 'Overnight LAD 500' }).click();
    await heading(page, 'Overnight LAD 500').waitFor();
    await page.keyboard.press('Control+K');
    await field().waitFor();
    await page.evaluate(() => history.back());
    await palette().waitFor({ state: 'detached' });
    await heading(page, 'Overnight LAD 500').waitFor();
    expect(page.url()).toContain('#/runs/run-1');
    await page.getByRole('button', { name: 'Run again' }).click();
    const dialog = page.getByRole('dialog', { name: /again/i });
    await dialog.waitFor();
    await page.evaluate(() => history.back());
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toContain('#/runs/run-1');
    await page.evaluate(() => history.back());
    await heading(page, 'Runs').waitFor();
  });
});
