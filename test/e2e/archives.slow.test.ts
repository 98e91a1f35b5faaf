// A run from one machine to another, as a person takes it there in the window: the same figures, marked as imported. And the run once more, with what
// differs said before it starts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunSummary } from '../../src/shared/run.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCliJson } from '../support/cli.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

const LONG_MS = 60_000;
const NAME = 'To be taken along';
let folder: string;
let browser: Browser;
let programs: RunningProgram[];
let page: Page;
let runId: string;
let archivePath: string;
screenshotOnFailure(() => page);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'archives-'));
  const [first, launched] = await Promise.all([startProgram(join(folder, 'a')), launchBrowser()]);
  [programs, browser] = [[first], launched];
  ({ page } = await openPage(browser, first.url));
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 40 });
  runId = await startRun(page, { name: NAME, count: 4 });
  await untilRunIs(page, 'Succeeded');
});

afterAll(async () => {
  await browser.close();
  for (const program of programs) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function readRun(dataDir: string): Promise<RunSummary> {
  const { document } = await runCliJson(['run', 'show', runId, '--data', dataDir]);
  return (document as { run: RunSummary }).run;
}

it('tells before a run is done again that nothing differs, and names both runs afterwards', async () => {
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Run again from its record' });
  await expect.poll(() => dialog.getByText('Same specification').isVisible()).toBe(true);
  await expect.poll(() => dialog.getByText('Same environment').isVisible()).toBe(true);
  await page.keyboard.press('Escape');
});

it('gives an archive out as a download', async () => {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Archive/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export as archive' });
  await dialog.getByLabel('Name of this machine for those who import it').fill('lab-a');
  await dialog.getByRole('button', { name: 'Write the archive' }).click();
  const save = dialog.getByRole('link', { name: 'Save the archive' });
  await save.waitFor({ timeout: LONG_MS });
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/^dedgeai-[\d-]+\.zip$/);
  archivePath = join(folder, 'lab-a.zip');
  await download.saveAs(archivePath);
  await page.keyboard.press('Escape');
});

it('lists what differs once a node is gone', async () => {
  await programs[0]?.stop();
  await runCliJson(['node', 'remove', 'node-2', '--data', join(folder, 'a')]);
  const again = await startProgram(join(folder, 'a'));
  programs = [again];
  ({ page } = await openPage(browser, again.url));
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: NAME }).first().click();
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Run again from its record' });
  const row = dialog.getByRole('row', { name: /^Node node-2, in the testbed/ });
  await row.waitFor({ timeout: LONG_MS });
  expect(await row.innerText()).toContain('Other nodes have another capacity');
  await page.keyboard.press('Escape');
});

it('shows the same figures on another machine, marked as imported', async () => {
  const other = await startProgram(join(folder, 'b'));
  programs.push(other);
  ({ page } = await openPage(browser, other.url));
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByLabel('Import an archive').last().setInputFiles(archivePath);
  await page.getByText('1 record with 4 images').waitFor({ timeout: LONG_MS });
  await page.getByRole('button', { name: 'Import it' }).click();
  const list = page.getByRole('region', { name: 'Came in, marked as imported' });
  await list.waitFor({ timeout: LONG_MS });
  await list.getByRole('link', { name: NAME }).click();
  await page.getByText(/Imported: not made here, but exported .+ from lab-a by version/).waitFor({ timeout: LONG_MS });
  const [there, here] = [await readRun(join(folder, 'a')), await readRun(join(folder, 'b'))];
  expect(here.imported).toMatchObject({ fromMachine: 'lab-a' });
  expect({ ...here, imported: null }).toEqual(there);
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.getByText(/Testbed “Lab” .* is not here/).waitFor({ timeout: LONG_MS });
  expect(await page.getByRole('button', { name: 'Start again' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
});
