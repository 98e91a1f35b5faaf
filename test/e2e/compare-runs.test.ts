// Runs beside each other in the browser, over runs that are in the data folder before the program starts.
import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWindow } from '../support/open-window.js';
import { runCli, runCliJson } from '../support/cli.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { storeEndedRuns, type StoredRunChoice } from '../support/stored-runs.js';
import { goTo, heading } from '../support/window-steps.js';

const ramp = (count: number, factor: number): number[] => Array.from({ length: count }, (_, index) => (index + 1) * factor);
const RUNS: StoredRunChoice[] = [
  ...[1, 2, 3].flatMap((seed): StoredRunChoice[] => [
    { id: `random-${seed}`, name: `Random ${seed}`, scheduler: 'random', seed, serviceSec: ramp(80, 1.4 + seed / 100) },
    { id: `robin-${seed}`, name: `Robin ${seed}`, scheduler: 'round-robin', seed, serviceSec: ramp(80, 1 + seed / 200) },
  ]),
  { id: 'hostile', name: '<img src=x onerror=alert(1)>\u202Egnp', scheduler: 'random', seed: 9, serviceSec: ramp(12, 1) },
  ...Array.from({ length: 12 }, (_, index): StoredRunChoice => ({
    ...{ id: `many-${index}`, name: `Many ${index}`, scheduler: index % 2 === 0 ? 'random' : 'round-robin' },
    ...{ seed: 20 + index, serviceSec: ramp(30, 1 + index / 10) },
  })),
];

let dataDir: string;
let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  ({ page, dataDir, complaints, close } = await openWindow((folder) => storeEndedRuns(folder, RUNS)));
  await page.getByRole('status').getByText('Connected').waitFor();
});
afterAll(() => close?.());
screenshotOnFailure(() => page);

async function compare(query: string): Promise<void> {
  await page.evaluate((address) => (location.hash = address), `/compare?${query}`);
  await heading(page, /^Compare \d+ runs$/).waitFor();
}

const idsOf = (runs: readonly StoredRunChoice[]): string => runs.map(({ id }) => id).join(',');

const differing = (): Locator => page.getByRole('table', { name: 'Settings that differ' }).getByRole('row');
const pairs = (): Locator => page.getByRole('list', { name: 'Paired differences' });
const results = (): Locator => page.getByRole('table', { name: 'Results' });

async function download(act: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  return readFileSync(await file.path(), 'utf8');
}

it('offers the last runs where none is chosen, and compares those that are marked', async () => {
  await goTo(page, 'Compare');
  await page.getByText('Pick 2 or more runs').waitFor();
  const offered = page.getByRole('list', { name: 'Runs to compare' }).getByRole('checkbox');
  expect(await offered.count()).toBe(5);
  const button = page.getByRole('button', { name: 'Compare', exact: true });
  await offered.nth(0).check();
  expect(await button.isDisabled()).toBe(true);
  await offered.nth(1).check();
  await button.click();
  await heading(page, 'Compare 2 runs').waitFor();
  expect(new URL(page.url()).hash).toMatch(/runs=[\w%-]+/);
});

describe('two runs that differ in their scheduler alone', () => {
  beforeAll(() => compare('runs=random-1,robin-1'));

  it('have exactly one row that differs', async () => {
    await expect.poll(() => differing().count()).toBe(1);
    expect(await differing().first().textContent()).toContain('Scheduler');
  });

  it('have a sentence that names the number of pairs', async () => {
    await expect.poll(() => pairs().textContent()).toContain('median of 80 pairs');
  });

  it('have no interval, and say why', async () => {
    expect(await results().textContent()).not.toContain('±');
    expect(await results().textContent()).toContain('No interval: 1 repetition, and it takes 3.');
  });

  it('export the numbers that are shown', async () => {
    const text = await download(async () => {
      await page.getByRole('region', { name: 'Result' }).getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Results as CSV' }).click();
    });
    const [head = [], first = []] = text.split('\r\n').map((line) => line.split(','));
    const total = Number(first[head.indexOf('total_s')]).toFixed(1);
    expect(await results().getByRole('row').nth(1).textContent()).toContain(total);
    const median = Number(first[head.indexOf('p50_service_s')]).toFixed(1);
    expect(await results().getByRole('row').nth(1).textContent()).toContain(median);
  });

  it('export a chart as CSV, PNG and SVG', async () => {
    const open = (): Promise<void> => page.getByRole('button', { name: 'Export the chart “Distribution of service delays”' }).click();
    const choose = async (name: string): Promise<void> => {
      await open();
      await page.getByRole('menuitem', { name }).click();
    };
    expect(await download(() => choose('CSV'))).toContain('Random 1');
    expect(await download(() => choose('SVG'))).toContain('<svg');
    expect((await download(() => choose('PNG'))).slice(1, 4)).toBe('PNG');
  });

  it('can be hidden, pinned and removed, which the address keeps', async () => {
    await page.getByRole('button', { name: 'Pin Robin 1 as reference' }).click();
    await expect.poll(() => results().getByRole('row').filter({ hasText: 'Round-robin' }).textContent()).toMatch(/ref$/);
    await page.getByRole('button', { name: 'Hide Random 1' }).click();
    await expect.poll(() => results().getByRole('row').count()).toBe(2);
    expect(page.url()).toContain('hidden=random-1');
    await page.reload();
    await page.getByRole('button', { name: 'Show Random 1' }).click();
    await expect.poll(() => results().getByRole('row').count()).toBe(3);
    await page.getByRole('button', { name: 'Remove Random 1 from the comparison' }).click();
    await page.getByText('Pick 2 or more runs').waitFor();
  });
});

it('runs of other seeds are not paired, which is said', async () => {
  await compare('runs=random-1,robin-2');
  await expect.poll(() => pairs().textContent()).toContain('no pairs: seeds 1 and 2');
});

it('three repetitions have an interval, and their paired totals, too', async () => {
  await compare(`runs=${idsOf(RUNS.slice(0, 6))}`);
  await expect.poll(() => results().getByText(/^± /).count()).toBeGreaterThan(0);
  await expect.poll(() => pairs().textContent()).toContain('95 % CI');
  expect(await pairs().textContent()).toContain('k = 3 pairs of runs');
});

it('runs are added in a dialog', async () => {
  await compare('runs=random-1,robin-1');
  await page.getByRole('button', { name: 'Add runs' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add runs' });
  await dialog.getByRole('searchbox').fill('many 11');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Add 1 run' }).click();
  await heading(page, 'Compare 3 runs').waitFor();
});

it('a hostile name changes no other text', async () => {
  await compare('runs=random-1,hostile');
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  expect(await page.locator('main img').count()).toBe(0);
});

it('the keys g c lead here, and selected runs of the history do', async () => {
  await goTo(page, 'Runs');
  await page.getByRole('checkbox', { name: 'Select Random 1', exact: true }).check();
  await page.getByRole('checkbox', { name: 'Select Robin 1', exact: true }).check();
  await page.getByRole('link', { name: 'Compare 2' }).click();
  await heading(page, 'Compare 2 runs').waitFor();
  await goTo(page, 'Runs');
  await page.locator('body').press('g');
  await page.locator('body').press('c');
  await heading(page, 'Compare').waitFor();
});

it.each([
  [1024, 700],
  [1440, 900],
])('nothing is cut at %i x %i, and axe has no complaint in either theme', async (width, height) => {
  await page.setViewportSize({ width, height });
  await compare(`runs=${idsOf(RUNS)}`);
  await results().waitFor();
  const overflow = await page.locator('#view').evaluate((view) => view.scrollWidth - view.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.evaluate(axe.source);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    const violations = await page.evaluate(async () => {
      const { axe: tool } = globalThis as unknown as {
        axe: { run(root: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const found = await tool.run('#view');
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
    });
    expect(violations).toEqual([]);
  }
});

it('a comparison goes into a report with its table and its charts', async () => {
  await compare('runs=random-1,robin-1');
  await results().waitFor();
  await page.getByRole('button', { name: 'Add to report' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add to report' });
  for (const part of ['What differs', 'Results beside each other', 'Distributions'])
    await dialog.getByRole('checkbox', { name: part }).check();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('link', { name: 'Compare 2 runs' }).click();
  await heading(page, 'Compare 2 runs').waitFor();
  const preview = page.getByRole('article', { name: 'Preview' });
  await preview
    .getByRole('region', { name: /^Results, against Random/ })
    .getByRole('row', { name: /^Round-robin/ })
    .waitFor();
  await preview.getByText('What differs: 1 of').waitFor();
  await preview.getByText('Distribution of service delays').first().waitFor();
});

it('the terminal says the same of the same runs, while the window is open', async () => {
  const { stdout, status } = await runCli(['run', 'compare', 'Random 1', 'Robin 1', '--data', dataDir]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^What differs: 1 of \d+ settings\./);
  expect(stdout).toContain('median of 80 pairs');
  const csv = await runCli(['run', 'compare', 'random-1', 'robin-2', '--format', 'csv', '--part', 'pairs', '--data', dataDir]);
  expect(csv.stdout).toContain('no pairs: seeds 1 and 2');
  const found = await runCliJson(['run', 'compare', '--query', 'scheduler:random,round-robin seed:1', '--data', dataDir]);
  expect((found.document as { runs: { name: string }[] }).runs.map(({ name }) => name).sort()).toEqual(['Random 1', 'Robin 1']);
  const mistake = await runCli(['run', 'compare', '--query', 'n:>=abc', '--data', dataDir]);
  expect(mistake.stderr).toContain('abc');
  expect((await runCli(['run', 'compare', '--data', dataDir])).stderr).toContain('No run was named');
  const wrong = await runCli(['run', 'compare', 'Random 1', 'Nothing', '--data', dataDir]);
  expect(wrong.status).not.toBe(0);
  expect(wrong.stderr).toContain('There is no run “Nothing”');
});

it('the page had nothing to complain about', () => {
  expect(complaints).toEqual([]);
});
