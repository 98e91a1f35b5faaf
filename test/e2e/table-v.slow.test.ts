// Table V in the window: figures of platforms changed with their source, what that does to the break-even, and what may be called the best.
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/find-barriers.js';
import { openWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { fillNewRun, goTo, heading, prepareRuns, untilRunIs } from '../support/window-steps.js';

/** The paper's 3,895.4 s for 1,000 images at 200 W and $0.15 per kWh, in US dollars. */
const OWN_USD = ((200 * 3895.4) / 3600 / 1000) * 0.15;
const crossingAt = (priceUsd: number): number => Math.ceil((10_000 * 1000) / (priceUsd - OWN_USD));

let close: () => Promise<void>;
let complaints: string[];
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  ({ page, close, complaints } = await openWindow());
  await prepareRuns(page, { name: 'Lab', nodes: 1, timeScale: 1 });
});
afterAll(() => close());

const table = (): Locator => page.getByRole('table', { name: 'Total generation delay by platform' });
const rowOf = (name: RegExp): Locator => table().getByRole('row', { name });
const priceOf = (): Locator => page.getByRole('button', { name: /^Price of Stability\.AI, SD3/ });
const openTab = (name: string): Promise<void> => page.getByRole('tab', { name }).click();

it('goes into a report, which is written in every format', async () => {
  await goTo(page, 'Table V');
  await page.getByRole('button', { name: 'Add to report' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add to report' });
  await dialog.getByRole('checkbox', { name: 'Reductions' }).check();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('link', { name: 'Table V' }).click();
  await heading(page, 'Table V').waitFor();
  const preview = page.getByRole('article', { name: 'Preview' });
  await preview
    .getByRole('region', { name: 'Total generation delay in seconds' })
    .getByRole('row', { name: /^Stability/ })
    .first()
    .waitFor();
});

describe('the fastest row', () => {
  it('is not the best where it is simulated', async () => {
    await fillNewRun(page, { name: 'One step', count: 1 });
    await page.getByLabel('Min steps').fill('1');
    await page.getByLabel('Max steps').fill('1');
    await page.getByRole('button', { name: 'Start run' }).click();
    await heading(page, 'One step').waitFor();
    await untilRunIs(page, 'Succeeded');
    await goTo(page, 'Table V');
    await page.getByLabel('Include invalid runs').click();
    const simulated = rowOf(/simulated/);
    await simulated.waitFor();

    // The paper's fastest takes 5.4 s, an image of one step 4.8 s and what a busy machine adds: with room between them it is surely the fastest.
    const delay = page.getByRole('button', { name: /^Delay of one image of Stability\.AI, SD3/ });
    await delay.click();
    const form = page.getByRole('dialog', { name: /^Delay of one image of Stability/ });
    await form.getByLabel(/^Delay/).fill('60');
    await form.getByLabel(/^Source/).fill('a busy day');
    await form.getByLabel(/^Date/).fill('2026-11-29');
    await form.getByRole('button', { name: 'Save' }).click();
    await delay.getByText('60.0').waitFor();
    const [sec] = /\d+\.\d/.exec(await simulated.getByRole('cell').first().innerText()) ?? [];
    expect(Number(sec)).toBeLessThan(12.7);
    expect(await simulated.getByText('best').count()).toBe(0);
    expect(
      await rowOf(/^Deepinfra/)
        .getByRole('cell')
        .first()
        .innerText(),
    ).toContain('best');
    await delay.click();
    await page.getByRole('button', { name: 'Reset to 5.4' }).click();
    await expect.poll(() => delay.innerText()).toBe('5.4');
  });
});

describe('a price', () => {
  it('is refused without its source and its date', async () => {
    await priceOf().focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: /^Price of Stability/ });
    await form.getByLabel(/^Price/).fill('100');
    await page.keyboard.press('Enter');
    await form.getByText('Say where the figure comes from').waitFor();
    await form.getByText('Give the day as year-month-day').waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await priceOf().innerText()).toBe('65.00');
  });

  it('is taken with both, with a star and what the paper says', async () => {
    await priceOf().click();
    const form = page.getByRole('dialog', { name: /^Price of Stability/ });
    await form.getByLabel(/^Price/).fill('100');
    await form.getByLabel(/^Source/).fill('stability.ai/pricing');
    await form.getByLabel(/^Date/).fill('2026-11-29');
    await form.getByRole('button', { name: 'Save' }).click();
    await priceOf().getByText('100.00').waitFor();
    expect((await priceOf().innerText()).replace(/\s/g, '')).toBe('100.00*65.00');
  });

  it('moves the crossing in the data of the cost chart', async () => {
    await openTab('Cost');
    await page.getByLabel('Power', { exact: true }).click();
    await page.getByRole('option', { name: /^Entered/ }).click();
    await page.getByLabel(/^Wall power/).fill('200');
    await page.getByText('Cheaper than Stability.AI SD3 after 100,000 images.').waitFor();
    expect(await crossingsOfCsv()).toContain(crossingAt(100));
  });

  it('is the paper’s again after a reset, and so is the crossing', async () => {
    await openTab('Table');
    await priceOf().click();
    await page.getByRole('button', { name: 'Reset to 65.00' }).click();
    await expect.poll(() => priceOf().innerText()).toBe('65.00');
    await openTab('Cost');
    await page.getByLabel('Power', { exact: true }).click();
    await page.getByRole('option', { name: /^Entered/ }).click();
    await page.getByLabel(/^Wall power/).fill('200');
    await page.getByText('Cheaper than Stability.AI SD3 after 154,000 images.').waitFor();
    const crossings = await crossingsOfCsv();
    expect(crossings).toContain(crossingAt(65));
    expect(crossings).not.toContain(crossingAt(100));
  });
});

describe('the settings of a cost', () => {
  it('are assumed until they are kept, and then there after a reload', async () => {
    await page.getByText('assumed until you keep your own').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Keep these settings' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Keep these settings' }).isDisabled()).toBe(true);
    await page.reload();
    await page.getByText('Cheaper than Stability.AI SD3 after 154,000 images.').waitFor();
    expect(await page.getByLabel(/^Wall power/).inputValue()).toBe('200');
  });
});

describe('the page', () => {
  it('says at how many requests at once the paper’s system is passed', async () => {
    await openTab('Table');
    await page.getByText("Stability.AI SD3 passes the paper's 382.4 s at 1.41 requests at once (2 in whole requests).").waitFor();
  });

  it('takes a platform of one’s own, and brings a removed one back', async () => {
    await openTab('Sources');
    await page.getByRole('button', { name: 'Add a platform' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a platform' });
    const values = { Platform: 'Newcomer', Model: 'Flux', 'Delay of one image': '3', Source: 'example.org', Date: '2026-11-29' };
    for (const [label, value] of Object.entries(values)) await dialog.getByLabel(new RegExp(`^${label}`)).fill(value);
    await dialog.getByRole('button', { name: 'Add platform' }).click();
    const remove = page.getByRole('button', { name: 'Remove Newcomer' });
    await remove.click();
    await remove.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await remove.waitFor();
    await openTab('Table');
    expect(await rowOf(/^Newcomer/).innerText()).toContain('300.0');
  });

  it('keeps its tab and its settings in the address', async () => {
    await page.getByLabel(/^Cloud concurrency/).fill('10');
    await openTab('Reductions');
    await page.getByRole('table', { name: /^Delay reduction/ }).waitFor();
    await page.reload();
    await page.getByRole('table', { name: /^Delay reduction/ }).waitFor();
    expect(await page.getByLabel(/^Cloud concurrency/).inputValue()).toBe('10');
  });

  it.each([
    { width: 1024, height: 700 },
    { width: 1440, height: 900 },
    { width: 2560, height: 1440 },
  ])('shows the price and cuts nothing at $width x $height', async (size) => {
    await page.setViewportSize(size);
    await openTab('Table');
    await table().waitFor();
    const price = await table().getByRole('columnheader', { name: '$ per 1,000' }).boundingBox();
    expect((price?.x ?? Infinity) + (price?.width ?? 0)).toBeLessThanOrEqual(size.width);
    const overflow = await table().evaluate((element) => {
      const scrollers = [element.parentElement, document.querySelector('main')];
      return scrollers.map((each) => (each ? each.scrollWidth - each.clientWidth : 0));
    });
    expect(overflow).toEqual([0, 0]);
  });

  it.each(['Table', 'Reductions', 'Cost', 'Sources'])('has no barrier in the tab %s, in either theme', async (tab) => {
    await openTab(tab);
    await page.getByRole('tabpanel', { name: tab }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Colors have turned by then.
      await expect.poll(() => findBarriers(page)).toEqual([]);
    }
  });

  it('had nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});

/** Images at which lines cross, from the CSV of the cost chart. */
async function crossingsOfCsv(): Promise<number[]> {
  const figure = page.getByRole('figure', { name: 'Cost of images' });
  const [download] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name: 'Data as CSV' }).click()]);
  const rows = parse<Record<string, string>>(await readFile(await download.path(), 'utf8'), { columns: true });
  return rows.filter((row) => row['Break-even'] !== '').map((row) => Number(row['Images']));
}
