// A series from the composer to its figures: by mouse, reordered by keyboard, paused, extended, and one that is started by keyboard alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatNumber } from '../../src/shared/format.js';
import type { SeriesDetail, SeriesResult } from '../../src/shared/series.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCli } from '../support/cli.js';
import { exportAs } from '../support/downloads.js';
import { findBarriers } from '../support/find-barriers.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading, prepareRuns, untilRunIs } from '../support/window-steps.js';

interface ExportedSeries {
  series: SeriesDetail;
  results: SeriesResult[];
}

let folder: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];
screenshotOnFailure(() => page);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'series-window-'));
  [program, browser] = await Promise.all([startProgram(join(folder, 'data')), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 20 });
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const form = (): Locator => page.getByRole('form', { name: 'New series' });
const plan = (): Locator => page.getByRole('table', { name: 'Blocks and schedulers' });
const handles = (): Locator => plan().getByRole('button', { name: /^Move / });
/** It may have cells that are not valid, which its state says then. */
const untilItSucceeded = (): Promise<void> =>
  page
    .locator('main header')
    .getByText(/^Succeeded/)
    .waitFor({ timeout: 120_000 });
const namesOfHandles = (): Promise<(string | null)[]> =>
  handles().evaluateAll((all) => all.map((handle) => handle.getAttribute('aria-label')));
const figures = (): Locator => page.getByRole('table', { name: 'Figures by condition and scheduler' });

describe('a series in the window', () => {
  it('is Table V in one click, and tells what that takes before it starts', async () => {
    await goTo(page, 'Runs');
    await page.getByRole('link', { name: 'Series', exact: true }).click();
    await page.getByText('No series yet').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'New series: Table V' }).click();
    await heading(page, 'New series').waitFor();
    const before = page.getByRole('region', { name: 'Before you start' });
    await before.getByText('60', { exact: true }).waitFor();
    for (const count of ['1', '100', '500', '1,000']) expect(await form().getByLabel(count, { exact: true }).isChecked()).toBe(true);
    await page.getByText('--preset table-v').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('names field, limit and what was entered where a value can not be used', async () => {
    await form().getByLabel('Max steps').fill('400');
    await form().getByText('Max steps: at most 200; you entered 400.').waitFor();
    expect(await page.getByRole('button', { name: 'Start series' }).isDisabled()).toBe(true);
    await form().getByLabel('Max steps').fill('19');
  });

  it('starts with what was chosen', async () => {
    await form().getByLabel('Name').fill('Small table');
    for (const count of ['100', '500', '1,000']) await form().getByLabel(count, { exact: true }).uncheck();
    await form().getByLabel('Own number of tasks, 1 to 100,000').fill('6');
    await form().getByRole('button', { name: 'Add', exact: true }).click();
    await form().getByLabel('Shortest expected completion').uncheck();
    await form().getByLabel('Repetitions', { exact: true }).fill('2');
    await form().getByRole('switch', { name: 'Keep invalid runs' }).click();
    await page.getByRole('table', { name: 'Minutes per run and repetitions' }).getByRole('columnheader', { name: '|N| = 6' }).waitFor();
    await page.getByRole('button', { name: 'Start series' }).click();
    await heading(page, 'Small table').waitFor();
  });

  it('pauses, is reordered by keyboard meanwhile, and survives a reload in that order', async () => {
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs(page, 'Paused');
    const before = await namesOfHandles();
    expect(before.length).toBeGreaterThanOrEqual(2);
    await handles().last().focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText(`is now ${before.length - 1} of ${before.length} that wait`).waitFor();
    const moved = [...before.slice(0, -2), before.at(-1), before.at(-2)];
    await expect.poll(namesOfHandles).toEqual(moved);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(before.at(-1));
    expect(await findBarriers(page)).toEqual([]);
    await page.reload();
    await untilRunIs(page, 'Paused');
    expect(await namesOfHandles()).toEqual(moved);
  });

  it('is reordered by drag, too', async () => {
    const before = await namesOfHandles();
    await handles()
      .last()
      .dragTo(handles().nth(before.length - 2));
    await expect.poll(namesOfHandles).toEqual([...before.slice(0, -2), before.at(-1), before.at(-2)]);
  });

  it('is on the overview while it is open, and resumes', async () => {
    const address = page.url();
    await goTo(page, 'Overview');
    await page.getByRole('region', { name: 'Series Small table' }).waitFor();
    await page.goto(address);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await untilItSucceeded();
    expect(await plan().getByRole('link').count()).toBe(8);
  });

  it('has the figures that its export has', async () => {
    await page.getByRole('switch', { name: 'Include invalid runs' }).or(figures()).first().waitFor();
    const toggle = page.getByRole('switch', { name: 'Include invalid runs' });
    if ((await toggle.count()) > 0) await toggle.click();
    await figures().waitFor();
    const path = join(folder, 'series.json');
    const exported = await runCli(['series', 'export', 'Small table', '--format', 'json', '--out', path, '--data', join(folder, 'data')]);
    expect(exported.status).toBe(0);
    const { series, results } = JSON.parse(readFileSync(path, 'utf8')) as ExportedSeries;
    const all = results.find(({ includesInvalid }) => includesInvalid)!;
    expect(all.cells).toHaveLength(4);
    const means = all.cells.map(({ totalSec }) => formatNumber(totalSec!.mean, 1));
    const rows = figures()
      .getByRole('row')
      .filter({ has: page.locator('td') });
    await expect.poll(() => rows.count()).toBe(4);
    for (const [index, mean] of means.entries()) {
      const cells = (): Promise<string[]> => rows.nth(index).locator('td').allInnerTexts();
      await expect.poll(async () => (await cells())[0]).toMatch(/^2/);
      await expect.poll(async () => (await cells())[1]).toMatch(new RegExp(`^${mean.replace('.', '\\.')}\\s*± `));
      expect((await cells())[6]).toMatch(/^–[\s\S]*A run has too few tasks/);
    }
    const differences = page.getByRole('table', { name: 'Paired differences by condition' });
    for (const { sentence } of all.differences) await differences.getByText(sentence).waitFor();
    expect(JSON.parse((await exportAs(page, 'JSON')).text)).toMatchObject({ series: { id: series.id } });
    expect((await exportAs(page, 'CSV')).text.split('\n')[0]).toContain('series_id');
    expect(await findBarriers(page)).toEqual([]);
  });

  it('leads to its runs, and from one to the next', async () => {
    const address = page.url();
    await plan().getByRole('link').first().click();
    const place = page.getByText(/^, \d of 8$/);
    const first = Number(/\d/.exec(await place.innerText())?.[0]);
    await page.keyboard.press(']');
    await page.getByText(`, ${first + 1} of 8`).waitFor();
    await page.keyboard.press('[');
    await page.getByText(`, ${first} of 8`).waitFor();
    await page.goto(address);
    await heading(page, 'Small table').waitFor();
  });

  it('is extended by a repetition, and cut to the block under way', async () => {
    await page.getByRole('button', { name: 'Extend', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Extend this series' });
    await dialog.getByText('4 more runs').waitFor();
    await dialog.getByRole('button', { name: 'Extend series' }).click();
    await page.getByRole('region', { name: 'Progress' }).getByText('of 12').waitFor();
    await untilItSucceeded();
    await page.getByRole('region', { name: 'Progress' }).getByText('12 of 12').waitFor();
  });

  it('is started by keyboard alone', async () => {
    await page.locator('#view').focus();
    await page.keyboard.press('Shift+N');
    await heading(page, 'New series').waitFor();
    const reach = async (name: string | RegExp, role: 'checkbox' | 'textbox' | 'spinbutton'): Promise<void> => {
      const target = await form().getByRole(role, { name, exact: true }).elementHandle();
      for (let presses = 0; presses < 80; presses++) {
        if (await page.evaluate((element) => document.activeElement === element, target)) return;
        await page.keyboard.press('Tab');
        expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
      }
      throw new Error(`Tab does not reach ${String(name)}`);
    };
    await reach('Name', 'textbox');
    await page.keyboard.type('By keyboard');
    for (const count of ['100', '500', '1,000']) {
      await reach(count, 'checkbox');
      await page.keyboard.press('Space');
    }
    for (const name of ['Random', 'Round-robin']) {
      await reach(name, 'checkbox');
      await page.keyboard.press('Space');
    }
    await reach('Repetitions', 'spinbutton');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('1');
    await expect.poll(() => page.getByRole('button', { name: 'Start series' }).isEnabled()).toBe(true);
    await page.keyboard.press('Control+Enter');
    await heading(page, 'By keyboard').waitFor();
    await page
      .getByText(/^(Succeeded|Failed)/)
      .first()
      .waitFor();
  });

  it('goes to the bin at once, can be brought back, and its runs stay', async () => {
    const address = page.url();
    const moveToBin = () => page.getByRole('button', { name: 'Move to bin' }).click();
    await moveToBin();
    await page.getByText('moved to the bin.').first().waitFor();
    await page.keyboard.press('Control+z');
    await page.goto(address);
    await heading(page, 'By keyboard').waitFor();
    await moveToBin();
    await heading(page, 'Series').waitFor();
    const rows = page.getByRole('table', { name: 'Series' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(2);
    await rows.last().getByText('Small table').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
