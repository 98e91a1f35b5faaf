// The main job as a newcomer does it, by mouse: from an empty data folder to an exported comparison. Each test continues where the one before ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../../support/browser.js';
import { exportAs, listRequestsOf } from '../../support/downloads.js';
import { findRealCaptions, makeCsvFile, makePlainFile, makeTokenFile } from '../../support/flickr-files.js';
import { startProgram, type RunningProgram } from '../../support/program.js';
import { screenshotOnFailure } from '../../support/screenshot-on-failure.js';
import {
  chooseDatasetFile,
  createVirtualTestbed,
  goTo,
  heading,
  provision,
  provisioningSteps,
  startRun,
  untilReady,
  untilRunIs,
} from '../../support/window-steps.js';
import { eventually } from '../../support/until.js';

const NODES = 5;
const TASKS = 100;
/** Slow enough for a run to be valid on two cores that others use too; 73 s of real time. */
const TIME_SCALE = 5;
const RUN_NAME = 'First hundred';

let dataDir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'journey-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the main job by mouse', () => {
  it('starts at the printed address with what to do first', async () => {
    ({ page, complaints } = await openPage(browser, program.url));
    await heading(page, 'Overview').waitFor();
    expect(new URL(page.url()).search, 'the token does not stay in the address').toBe('');
    await page.getByRole('link', { name: 'Set up a testbed' }).first().waitFor();
  });

  it('creates a virtual testbed', async () => {
    await createVirtualTestbed(page, { name: 'Lab', nodes: NODES, timeScale: TIME_SCALE });
    await page.getByText(`Virtual testbed of ${NODES} nodes`).waitFor();
    expect(await page.getByRole('group', { name: 'Nodes' }).getByRole('article').count()).toBe(NODES);
  });

  it('provisions every node, step by step, until all are healthy', async () => {
    const matrix = provisioningSteps(page);
    await Promise.all([matrix.getByText('Running').first().waitFor(), provision(page)]);
    await untilReady(page);
    await eventually(async () => expect(await matrix.getByText('Succeeded').count()).toBe(NODES));
    // On a fresh virtual node the facts, the certificate, the agent, its start and its health are new.
    expect(await matrix.getByText('Changed', { exact: true }).count()).toBe(NODES * 5);
  });

  it.each([
    { file: makeTokenFile(), facts: ['Flickr token file', 'CRLF', 'Blank lines', 'One-letter captions'] },
    { file: makeCsvFile(), facts: ['Captions CSV', 'with byte order mark'] },
    { file: makePlainFile(), facts: ['Plain text', 'LF'] },
  ])('shows what $file.name holds before anything is stored', async ({ file, facts }) => {
    const dialog = await chooseDatasetFile(page, file);
    await dialog.getByRole('button', { name: 'Import 120 prompts' }).waitFor();
    const shown = await dialog.locator('dl').innerText();
    for (const fact of facts) expect(shown).toContain(fact);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('No dataset yet').waitFor();
  });

  it('imports the captions of Flickr8k', async ({ annotate }) => {
    const real = findRealCaptions();
    if (!real) await annotate('The captions of Flickr8k are not on this machine: a file made in their format was taken.');
    const dialog = await chooseDatasetFile(page, real ?? makeTokenFile());
    await dialog.getByRole('button', { name: /^Import [\d,]+ prompts$/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: real ? 'Flickr8k_text' : 'Flickr8k.token', exact: true }).waitFor();
  });

  it('starts a run of 100 and shows it live until it has succeeded', async () => {
    await startRun(page, { name: RUN_NAME, count: TASKS });
    await untilRunIs(page, 'Running');
    const progress = page.getByRole('progressbar', { name: 'Tasks ended' });
    await eventually(async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0));
    expect(await page.getByRole('table', { name: 'Nodes of the run' }).getByRole('row').count()).toBe(1 + NODES);
    await untilRunIs(page, 'Succeeded');
    await untilRunIs(page, 'Valid');
  });

  it('shows what was measured', async () => {
    const figures = await page.getByRole('region', { name: 'Figures' }).innerText();
    expect(figures).toMatch(/Total generation delay\s+\d{3}\.\d s/);
    expect(figures).toMatch(/Efficiency\s+\d{2,3}\.\d+ ?%/);
    await page.getByRole('tab', { name: /^Tasks/ }).click();
    await page.getByRole('table', { name: 'Tasks' }).getByRole('row').nth(1).waitFor();
  });

  it('exports the run as CSV with a row for every task', async () => {
    const rows = parse<Record<string, string>>((await exportAs(page, 'CSV')).text, { columns: true });
    expect(rows).toHaveLength(TASKS);
    expect(new Set(rows.map((row) => row['task_id'])).size).toBe(TASKS);
    for (const row of rows)
      expect(row).toMatchObject({ state: 'succeeded', is_simulated: 'true', time_scale: String(TIME_SCALE), attempts: '1' });
    expect(rows.every((row) => Number(row['service_model_ms']) > 0)).toBe(true);
  });

  it('exports the run as JSON with its specification and every task', async () => {
    const document = JSON.parse((await exportAs(page, 'JSON')).text) as { tasks: unknown[] };
    expect(document).toMatchObject({ run: { spec: { name: RUN_NAME, taskCount: TASKS }, isSimulated: true } });
    expect(document.tasks).toHaveLength(TASKS);
  });

  it('exports the run as HTML that needs nothing but itself', async () => {
    const { text } = await exportAs(page, 'HTML report');
    expect(text).toContain(RUN_NAME);
    expect(text).toContain('SIMULATED');
    expect(await listRequestsOf(browser, text)).toEqual([]);
  });

  it('shows 100 images in the gallery, each marked as simulated', async () => {
    await goTo(page, 'Gallery');
    await page.getByRole('status').getByText(`${TASKS} images`).waitFor();
    const cells = page.getByRole('list', { name: 'Images' }).getByRole('listitem');
    await cells.first().getByText('simulated').waitFor();
    // Both change while the tiles are laid out.
    await eventually(async () => expect(await cells.getByText('simulated').count()).toBe(await cells.count()));
    await cells.first().hover();
    await page.mouse.wheel(0, 20_000);
    const last = page.locator(`[aria-posinset="${TASKS}"]`);
    await last.getByText('simulated').waitFor();
    await eventually(async () => expect(await widthOf(last.locator('img'))).toBeGreaterThan(0));
    // The view scrolls, the page around it never does.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(0);
  });

  it('opens one image in full size with its facts', async () => {
    await page
      .getByRole('button', { name: /^Open image of task/ })
      .last()
      .click();
    const figure = page.getByRole('figure');
    await figure.getByText('simulated').waitFor();
    await eventually(async () => expect(await widthOf(figure.locator('img'))).toBe(512));
    await page.getByText('Service delay', { exact: true }).waitFor();
  });

  it("compares the run with the six rows of the paper's Table V", async () => {
    await goTo(page, 'Table V');
    const groups = page.getByRole('table', { name: 'Total generation delay by platform' }).getByRole('rowgroup');
    // Each group starts with a row that names it.
    const paper = groups.filter({ hasText: 'From the paper' }).getByRole('row');
    const measured = groups.filter({ hasText: 'Measured here' }).getByRole('row');
    await measured.last().getByText('simulated').first().waitFor();
    expect([await paper.count(), await measured.count()]).toEqual([1 + 6, 1 + 1]);
    const midjourney = await paper.filter({ hasText: 'Midjourney' }).innerText();
    for (const figure of ['75.9', '7,590', '37,950', '75,900', '66.00']) expect(midjourney).toContain(figure);
    expect(await measured.last().innerText()).toMatch(/\d{3}\.\d/);
  });

  it('divides the delays of cloud platforms by the requests that they serve at once', async () => {
    await page.getByLabel(/^Cloud concurrency/).fill('10');
    const midjourney = page.getByRole('row', { name: /^Midjourney/ }).first();
    await midjourney.getByText('759.0').waitFor();
    await page.getByText('10 requests at once; the paper assumes 1').first().waitFor();
    await page.getByLabel(/^Cloud concurrency/).fill('1');
    await midjourney.getByText('7,590').waitFor();
  });

  it('exports the comparison as CSV, JSON and HTML', async () => {
    const rows = parse<Record<string, string>>((await exportAs(page, 'CSV')).text, { columns: true });
    expect(rows.map((row) => row['source']).sort()).toEqual(['measured', 'paper', 'paper', 'paper', 'paper', 'paper', 'paper']);
    expect(rows.find((row) => row['platform'] === 'Midjourney')?.['total_generation_delay_s_n100']).toBe('7590');

    const document = JSON.parse((await exportAs(page, 'JSON')).text) as { rows: unknown[] };
    expect(document.rows).toHaveLength(7);

    const report = await exportAs(page, 'HTML report');
    expect(report.text).toContain('Midjourney');
    expect(await listRequestsOf(browser, report.text)).toEqual([]);
  });

  it('has gone without an error on the console or a break of the page’s policy', () => {
    expect(complaints).toEqual([]);
  });
});

function widthOf(image: { evaluate<R>(read: (element: HTMLImageElement) => R): Promise<R> }): Promise<number> {
  return image.evaluate((element) => element.naturalWidth);
}
