// Reports in the window: started from a template, ordered by keys, written in, shown, downloaded, and added to from the page of a run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSeconds } from '../../src/shared/format.js';
import type { RunSummary } from '../../src/shared/run.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCli, runCliJson } from '../support/cli.js';
import { listRequestsOf } from '../support/downloads.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;

let dataDir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];
let run: RunSummary;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'reports-'));
  const cli = (...words: string[]) => runCli([...words, '--data', dataDir]);
  await cli('testbed', 'create-virtual', '--nodes', '2', '--time-scale', '100', '--name', 'Lab');
  await cli('provision', 'Lab');
  await cli('dataset', 'import', '--sample');
  await cli('run', 'start', '--count', '6', '--name', 'Evening', '--allow-overload');
  [run] = (await runCliJson(['run', 'list', '--data', dataDir])).document as [RunSummary];
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const outline = (): Locator => page.getByRole('list', { name: 'Blocks' });
const namesOf = async (): Promise<string[]> =>
  (await outline().locator('[data-block]').allInnerTexts()).map((text) => text.replace(/^Evening: /, '').trim());
const preview = (): Locator => page.getByRole('article', { name: 'Preview' });
const saved = (): Promise<void> => page.getByText('Saving…').waitFor({ state: 'hidden' });

async function download(button: string): Promise<{ name: string; path: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button, exact: true }).click()]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

describe('reports in the window', () => {
  it('offer templates where there is none, and start one of a run', async () => {
    await goTo(page, 'Reports');
    for (const title of ['Table V report', 'Report on a run', 'Report on a series'])
      await page.getByRole('button', { name: title, exact: true }).waitFor();
    await page.getByRole('button', { name: 'Report on a run', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'New report' });
    await dialog.getByText(/^Evening · /).waitFor();
    await dialog.getByRole('button', { name: 'Create report' }).click();
    await heading(page, 'Evening').waitFor();
    expect(await namesOf()).toEqual([
      'Figures',
      'Delays',
      'Timeline',
      'Images',
      'Nodes',
      'Failures',
      'Prediction of the digital twin',
      'How to reproduce it',
    ]);
  });

  it('show the document with its caveats, figures, charts and images', async () => {
    await preview().getByRole('list', { name: 'Caveats' }).getByText('SIMULATED').first().waitFor();
    await preview().getByText(formatSeconds(run.metrics.totalGenerationDelayMs)).first().waitFor();
    await preview().getByRole('img', { name: 'Distribution of the delays of tasks' }).waitFor();
    expect(await preview().locator('img[src^="/thumbnails/"]').count()).toBe(6);
    await page.getByText(/^Data as of /).waitFor();
  });

  it('are ordered by Alt+Up and Alt+Down, with the focus on the block that moves', async () => {
    const delays = outline().getByRole('button', { name: 'Evening: Delays', exact: true });
    await delays.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowUp');
    await saved();
    expect((await namesOf()).slice(0, 4)).toEqual(['Figures', 'Timeline', 'Delays', 'Images']);
    expect(await delays.evaluate((button) => button === document.activeElement)).toBe(true);
    await preview().getByRole('heading', { level: 3 }).nth(1).getByText('Timeline').waitFor();
    await page.reload();
    await outline().waitFor();
    expect((await namesOf()).slice(0, 4)).toEqual(['Figures', 'Timeline', 'Delays', 'Images']);
  });

  it('are ordered by the mouse', async () => {
    await outline()
      .locator('li', { hasText: 'Delays' })
      .dragTo(outline().locator('li', { hasText: 'Timeline' }));
    await saved();
    expect((await namesOf()).slice(0, 3)).toEqual(['Figures', 'Delays', 'Timeline']);
  });

  it('take a text of one’s own, whatever is in it', async () => {
    await page.getByRole('button', { name: 'Add text' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add text' });
    await dialog.getByLabel('Heading').fill('Summary');
    await dialog.getByLabel('Text').fill('This is **strong** and <script>alert(1)</script>.\n\n- one\n- two');
    await dialog.getByRole('button', { name: 'Add text' }).click();
    await preview().getByRole('heading', { name: 'Summary' }).waitFor();
    expect(await preview().locator('strong').innerText()).toBe('strong');
    await preview().getByText('<script>alert(1)</script>', { exact: false }).waitFor();
    expect(await preview().locator('li', { hasText: 'two' }).count()).toBe(1);
  });

  it('take images side by side, and the nodes of a testbed', async () => {
    const add = async (about: string, choose: (dialog: Locator) => Promise<void>): Promise<void> => {
      await page.getByRole('button', { name: 'Add blocks' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add blocks' });
      await dialog.getByLabel('About').click();
      await page.getByRole('option', { name: about, exact: true }).click();
      await choose(dialog);
      await dialog.getByRole('button', { name: 'Add block', exact: true }).click();
      await saved();
    };
    await add('Images side by side', (dialog) => dialog.getByRole('checkbox', { name: /^Evening · / }).check());
    const sideBySide = preview().getByRole('region', { name: /^4 prompts in 1 run; / });
    await sideBySide.getByRole('columnheader', { name: /^Evening/ }).waitFor();
    expect(await sideBySide.locator('img').count()).toBe(4);
    await add('Testbed', (dialog) => dialog.getByRole('checkbox', { name: 'Topology and nodes' }).check());
    await preview().getByRole('rowheader', { name: 'node-1' }).first().waitFor();
    // The rest is about the run alone.
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await saved();
  });

  it('give back a block that was removed', async () => {
    const before = await namesOf();
    await page.getByRole('button', { name: 'Remove Evening: Failures' }).click();
    await saved();
    expect(await namesOf()).toEqual(before.filter((name) => name !== 'Failures'));
    await page.getByRole('button', { name: 'Undo' }).click();
    await saved();
    expect(await namesOf()).toEqual(before);
  });

  it('become a PDF with the figures of the run', async () => {
    const { name, path } = await download('PDF');
    expect(name).toMatch(/^evening-report-.*\.pdf$/);
    expect((await readFile(path)).subarray(0, 5).toString()).toBe('%PDF-');
    if (!hasPoppler) return;
    const { stdout } = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    for (const each of [formatSeconds(run.metrics.totalGenerationDelayMs), 'SIMULATED', 'Summary', run.id]) expect(stdout).toContain(each);
  });

  it('become an HTML file that asks for nothing', async () => {
    const { path } = await download('HTML');
    const html = await readFile(path, 'utf8');
    expect(html).toContain(formatSeconds(run.metrics.totalGenerationDelayMs));
    expect(html.match(/<img\s/g)).toHaveLength(6);
    expect(await listRequestsOf(browser, html)).toEqual([]);
  });

  it('are added to from the page of a run', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/runs/${run.id}`);
    await heading(page, 'Evening').waitFor();
    await page.getByRole('button', { name: 'Add to report' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add to report' });
    await dialog.getByRole('checkbox', { name: 'Figures' }).uncheck();
    await dialog.getByRole('checkbox', { name: 'Timeline' }).check();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('link', { name: 'Evening' }).click();
    await outline().waitFor();
    expect(await namesOf()).toEqual(['Delays', 'Timeline']);
  });

  it('have their outline in a drawer where there is little room', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.getByRole('button', { name: 'Outline' }).click();
    const drawer = page.getByRole('dialog', { name: 'Outline' });
    await drawer.getByRole('button', { name: 'Evening: Timeline', exact: true }).click();
    await drawer.waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1360, height: 880 });
  });

  it('say that a run is in the bin, and get it back', async () => {
    await runCli(['history', 'bin', run.id, '--data', dataDir]);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await preview()
      .getByText(/Evening: Timeline: its record is in the bin/)
      .waitFor();
    await preview().getByRole('button', { name: 'Restore' }).last().click();
    await expect.poll(() => preview().getByText('in the bin').count()).toBe(0);
  });

  it('say which block has lost its run, and let go of it', async () => {
    await runCli(['run', 'remove', run.id, '--yes', '--data', dataDir]);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await preview()
      .getByText(/Evening: Timeline can’t be shown/)
      .waitFor();
    await preview().getByRole('button', { name: 'Remove block' }).first().click();
    await saved();
    expect(await namesOf()).toHaveLength(1);
  });

  it('go to the bin from their list', async () => {
    await page.keyboard.press('Escape');
    await goTo(page, 'Reports');
    await page
      .getByRole('button', { name: /^Move Evening.* to the bin$/ })
      .first()
      .click();
    await expect.poll(() => page.getByRole('table', { name: 'Reports' }).getByRole('link').count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});
