// The shell of the window: palette, keys, navigation, headings and focus, by keyboard first.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WINDOW_VIEWS } from '../../src/shared/window-commands.js';
import { openWindow } from '../support/open-window.js';
import { fillHistory } from '../support/filled-history.js';
import { findBarriers } from '../support/find-barriers.js';
import { paletteOf } from '../support/palette-steps.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

const HOSTILE = '\u{202e}drow dna <b>markup</b> zebra';
const RUNS = [
  { name: 'Overnight LAD 500', scheduler: 'random', taskCount: 2 },
  { name: 'Noon Random 500', scheduler: 'random', taskCount: 2 },
  { name: HOSTILE, scheduler: 'round-robin', taskCount: 1 },
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
const option = (name: string | RegExp): Locator => palette().getByRole('option', { name });
const focused = (): Promise<string> =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent?.trim() ?? ''}`);
const active = (): Locator => palette().locator('[data-highlighted]');

async function openPalette(): Promise<void> {
  await page.keyboard.press('Control+K');
  await field().waitFor();
  await expect.poll(() => field().evaluate((element) => element === document.activeElement)).toBe(true);
}

async function openRun(name: string): Promise<void> {
  await openPalette();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await heading(page, name).waitFor();
}

describe('the palette', () => {
  it('opens by Ctrl+K with the focus in its field, and Enter lands on the heading of what was found', async () => {
    await openPalette();
    // Without waiting for what is found: Enter is for what is typed, not for what happened to be listed.
    await page.keyboard.type('night lad');
    await page.keyboard.press('Enter');
    await heading(page, 'Overnight LAD 500').waitFor();
    await expect.poll(focused).toBe('H1 Overnight LAD 500');
    expect(await palette().count()).toBe(0);
  });

  it('lists what can not be run with its reason, and does not run it', async () => {
    await openRun('Overnight LAD 500');
    await openPalette();
    await page.keyboard.type('pause');
    await expect.poll(() => active().innerText()).toContain('The run has ended');
    expect(await option(/^Pause/).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await field().inputValue()).toBe('pause');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('H1 Overnight LAD 500');
  });

  it('shows what was open last before anything is typed', async () => {
    await openRun('Noon Random 500');
    await openPalette();
    await expect.poll(() => palette().getByRole('group').first().innerText()).toMatch(/^Recent\s+Noon Random 500/);
    await page.keyboard.press('Escape');
  });

  it('knows commands by >, nodes by @, tags by #, and queries by their keys', async () => {
    await openPalette();
    await field().fill('>theme dark');
    await expect
      .poll(() => palette().getByRole('option').allInnerTexts())
      .toEqual([expect.stringMatching(/^Theme: dark\s+Setting: Theme/)]);
    await field().fill('@es 1');
    await expect.poll(() => palette().getByRole('option').allInnerTexts()).toEqual([expect.stringMatching(/^ES 1\s+Node, Lab$/)]);
    await field().fill('scheduler:random n:>=2');
    await page.keyboard.press('Enter');
    await heading(page, 'Runs').waitFor();
    await expect.poll(() => page.getByRole('combobox', { name: 'Search everything that ran' }).inputValue()).toBe('scheduler:random n:>=2');
  });

  it('opens the commands of a run by Tab', async () => {
    await openPalette();
    await field().fill('noon random');
    await expect.poll(() => active().innerText()).toContain('Noon Random 500');
    await page.keyboard.press('Tab');
    await option('Clone: new run with the same settings').waitFor();
    await page.keyboard.press('Escape');
    await option(/Noon Random 500/)
      .first()
      .waitFor();
    await page.keyboard.press('Tab');
    await option('Compare with other runs').click();
    await page.waitForURL(/#\/compare\?runs=run-2/);
  });

  it('keeps a hostile name to itself', async () => {
    await openPalette();
    await field().fill('zebra');
    await option(/zebra/).first().waitFor();
    expect(await palette().locator('b').count()).toBe(0);
    const label = await option(/zebra/).first().locator('bdi').first().textContent();
    expect(label).toContain('<b>markup</b>');
    await page.keyboard.press('Escape');
  });

  it('opens a thing in a window of its own by Ctrl+Enter', async () => {
    await openPalette();
    await field().fill('overnight lad');
    await expect.poll(() => active().innerText()).toContain('Overnight LAD 500');
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Control+Enter');
    const other = await opened;
    await heading(other, 'Overnight LAD 500').waitFor();
    await other.close();
  });
});

describe('keys', () => {
  it('go to every view', async () => {
    for (const { key, label } of WINDOW_VIEWS) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await heading(page, label).waitFor();
      await expect.poll(focused, { message: label }).toBe(`H1 ${label}`);
    }
  });

  it('start a run and a series, and search this view', async () => {
    await page.keyboard.press('n');
    await heading(page, 'New run').waitFor();
    await page.keyboard.press('Shift+N');
    await heading(page, 'New series').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await heading(page, 'Runs').waitFor();
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search everything that ran');
    // Letters are text there.
    await page.keyboard.type('n');
    await heading(page, 'Runs').waitFor();
    await page.keyboard.press('Escape');
  });

  it('take Ctrl+F once, and leave it to the browser in the field', async () => {
    await goTo(page, 'Runs');
    const isTaken = (): Promise<boolean> =>
      page.evaluate(() => {
        const event = new KeyboardEvent('keydown', { key: 'f', ctrlKey: true, bubbles: true, cancelable: true });
        (document.activeElement ?? document.body).dispatchEvent(event);
        return event.defaultPrevented;
      });
    expect(await isTaken()).toBe(true);
    expect(await isTaken()).toBe(false);
    await goTo(page, 'Testbeds');
    expect(await isTaken()).toBe(false);
  });

  it('of single characters can be turned off, and others stay', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).click();
    await page.keyboard.press('n');
    await page.keyboard.press('Control+K');
    await field().waitFor();
    expect(await heading(page, 'New run').count()).toBe(0);
    await field().fill('>single-key');
    await option('Turn single-key shortcuts on or off').click();
    await page.getByText('Single-key shortcuts are on.').first().waitFor();
    await page.keyboard.press('n');
    await heading(page, 'New run').waitFor();
  });

  it('go from region to region', async () => {
    await goTo(page, 'Runs');
    const region = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
    const seen: (string | null | undefined)[] = [];
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('F6');
      seen.push(await region());
    }
    expect(new Set(seen)).toEqual(new Set(['navigation', 'top bar', 'view', 'status bar']));
  });

  it('are listed by ?, those of the view first', async () => {
    await goTo(page, 'Runs');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.getByRole('heading', { name: 'In this view' }).waitFor();
    expect(await help.innerText()).toContain('Compare the selected runs');
    expect(await help.innerText()).toContain('Go to Table V');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });
});

describe('the focus', () => {
  const isLost = (): Promise<boolean> => page.evaluate(() => document.activeElement === null || document.activeElement === document.body);

  it('stays when a command is busy, and finds what is near when its button goes', async () => {
    await openPalette();
    await field().fill('@es 1');
    await expect.poll(() => active().innerText()).toContain('ES 1');
    await page.keyboard.press('Enter');
    await heading(page, 'Lab').waitFor();
    await page.getByRole('button', { name: 'Provision', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('grid', { name: 'Provisioning steps' }).waitFor();
    expect(await isLost()).toBe(false);
    // Whatever comes of it: it is called Provisioning until it has ended.
    await page
      .getByRole('button', { name: /^Provision( again)?$/ })
      .first()
      .waitFor();
    await expect.poll(isLost).toBe(false);
  });

  it('goes to what is near when its place is taken away, and back when it was only disabled', async () => {
    await goTo(page, 'Testbeds');
    const button = page.getByRole('button', { name: 'New virtual testbed' }).first();
    await button.focus();
    await button.evaluate((element: HTMLButtonElement) => (element.disabled = true));
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toMatch(/^(BUTTON|A)$/);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(false);
    await button.evaluate((element: HTMLButtonElement) => (element.disabled = false));
    await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    await button.evaluate((element) => element.closest('header')?.remove());
    await expect.poll(isLost).toBe(false);
  });
});

describe('the navigation', () => {
  const width = async (): Promise<number> => (await page.getByRole('navigation', { name: 'Main' }).boundingBox())?.width ?? 0;

  it('is a rail in a narrow window, and as it was chosen after a reload', async () => {
    expect(await width()).toBe(176);
    await page.setViewportSize({ width: 1024, height: 700 });
    await expect.poll(width).toBe(48);
    await page.keyboard.press('Control+B');
    await expect.poll(width).toBe(176);
    await page.reload();
    await expect.poll(width).toBe(176);
    await page.keyboard.press('Control+B');
    await expect.poll(width).toBe(48);
  });

  it('leaves every view without sideways scrolling at 1024 x 700', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    for (const { label } of WINDOW_VIEWS) {
      await goTo(page, label);
      const overflow = await page.evaluate(() => {
        const view = document.getElementById('view');
        return [document.documentElement, view].map((element) => (element?.scrollWidth ?? 0) - (element?.clientWidth ?? 0));
      });
      expect(overflow, label).toEqual([0, 0]);
    }
  });
});

describe('every page', () => {
  it.each([
    ['/nowhere', 'No such page'],
    ['/runs/none', 'Run'],
    ['/series/none', 'Series'],
    ['/testbeds/none', 'Testbed'],
    ['/datasets/none', 'Dataset'],
    ['/models/none', 'Model'],
    ['/reports/none', 'Report'],
    ['/train/none', 'Training'],
    ['/train/studies/none', 'Study'],
  ])('has one heading: %s', async (path, title) => {
    await page.goto(`${new URL(page.url()).origin}/#${path}`);
    await heading(page, title).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    // And the way back to the list that it would be in.
    const list = path.slice(0, path.lastIndexOf('/'));
    if (list !== '') await page.locator('[data-region="top bar"]').locator(`a[href="#${list}"]`).waitFor();
    // What was not found is complained about by the page itself, and rightly by the browser.
    complaints.length = 0;
  });

  it('has the address of before', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/system?tab=log`);
    await page.waitForURL(/#\/settings\?tab=log/);
    await heading(page, 'Settings').waitFor();
  });
});

describe('for everyone', () => {
  it('the theme changes at once where motion is not wanted', async () => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await goTo(page, 'Runs');
    const moving = await page.evaluate(() => {
      document.documentElement.dataset['theme'] = 'dark';
      // Style is worked out by asking for it.
      getComputedStyle(document.querySelector('h1')!).color.trim();
      return document.getAnimations().length;
    });
    expect(moving).toBe(0);
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
  });

  it.each(['light', 'dark'] as const)('axe has no complaint about palette, help and rail in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1024, height: 700 });
    await goTo(page, 'Runs');
    expect(await findBarriers(page)).toEqual([]);
    await openPalette();
    await field().fill('o');
    await option(/Overnight/)
      .first()
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await goTo(page, 'Settings');
    expect(await findBarriers(page)).toEqual([]);
  });
});
