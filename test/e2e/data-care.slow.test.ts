// Lost images, a check, a backup and a restore, as a person meets them in the window; the images come back with the same bytes.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { imageFilePath } from '../../src/main/adapters/images/image-paths.js';
import { DATABASE_FILE_NAME } from '../../src/main/adapters/storage/open-database.js';
import type { RunSummary } from '../../src/shared/run.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCliJson } from '../support/cli.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

const TASKS = 12;
const LONG_MS = 60_000;

let dataDir: string;
let browser: Browser;
let program: RunningProgram;
let page: Page;
let runId: string;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'data-care-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 200 });
  runId = await startRun(page, { name: 'To be damaged', count: TASKS });
  await untilRunIs(page, 'Succeeded');
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Names of the images on the disk. */
function listImages(): string[] {
  const imagesDir = join(dataDir, 'images');
  return readdirSync(imagesDir)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => readdirSync(join(imagesDir, name)).map((file) => file.replace('.png', '')));
}

async function openData(): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Data' }).click();
}

async function readMetrics(): Promise<RunSummary['metrics']> {
  const { document } = await runCliJson(['run', 'show', runId, '--data', dataDir]);
  return (document as { run: RunSummary }).run.metrics;
}

it('finds lost images, shows them as lost, and makes them again with the same bytes and figures', async () => {
  const images = listImages();
  const pathOf = (index: number): string => imageFilePath(dataDir, images[index] ?? '', 'image/png');
  const originals = [0, 1, 2].map((index) => readFileSync(pathOf(index)));
  const metrics = await readMetrics();
  rmSync(pathOf(0));
  truncateSync(pathOf(1), 0);
  const flipped = Buffer.from(originals[2] ?? []);
  flipped[200] = (flipped[200] ?? 0) ^ 1;
  writeFileSync(pathOf(2), flipped);

  await goTo(page, 'Gallery');
  await page.getByText('Image file is missing').waitFor();
  await page.getByText('Image file is damaged').first().waitFor();

  await openData();
  await page.getByRole('button', { name: 'Check now' }).click();
  await page
    .getByText(/1 images are missing, 2 images are damaged/)
    .first()
    .waitFor({ timeout: LONG_MS });
  expect(await page.getByRole('list', { name: 'Lost images' }).getByRole('listitem').count()).toBe(3);

  await page.getByRole('button', { name: 'Make all again' }).click();
  await page.getByText('3 of 3 images are as they were').waitFor({ timeout: LONG_MS });
  await page.getByRole('list', { name: 'Lost images' }).waitFor({ state: 'detached' });
  for (const [index, original] of originals.entries()) expect(readFileSync(pathOf(index)).equals(original)).toBe(true);
  expect(await readMetrics()).toEqual(metrics);
});

it('offers to make a lost image again where it is looked at', async () => {
  rmSync(imageFilePath(dataDir, listImages()[0] ?? '', 'image/png'));
  await goTo(page, 'Gallery');
  await page
    .getByRole('button', { name: /^Open image/ })
    .filter({ hasText: 'Image file is missing' })
    .click();
  const lost = page.getByRole('group', { name: 'Image is lost' });
  await lost.getByText('The image file is missing', { exact: true }).waitFor();
  await lost.getByRole('button', { name: 'Make it again' }).click();
  await lost.waitFor({ state: 'detached', timeout: LONG_MS });
  await page.getByText('Image file is missing').waitFor({ state: 'detached' });
});

it('is asked to make lost images again from a terminal too, while the window is open', async () => {
  rmSync(imageFilePath(dataDir, listImages()[3] ?? '', 'image/png'));
  const remade = await runCliJson(['data', 'remake', '--data', dataDir]);
  expect(remade, remade.stderr).toMatchObject({ status: 0, document: { damagedImages: [] } });
  expect(listImages()).toHaveLength(TASKS);
});

it('backs up, and puts the backup back at the next start', async () => {
  await openData();
  await page.getByRole('button', { name: 'Back up now' }).click();
  const backups = page.getByRole('list', { name: 'Backups' });
  await backups.getByRole('listitem').first().waitFor({ timeout: LONG_MS });
  await goTo(page, 'Datasets');
  await page.getByRole('button', { name: 'Import the sample' }).first().click();

  await openData();
  await backups.getByRole('button', { name: 'Restore' }).first().click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('is set aside').waitFor();
  await dialog.getByRole('button', { name: 'Restore at the next start' }).click();
  await page.getByRole('note', { name: 'A restore is planned' }).waitFor();
  await program.stop();

  program = await startProgram(dataDir);
  await page.goto(program.url);
  await openData();
  await page.getByRole('button', { name: 'Check now' }).waitFor();
  expect(await page.getByRole('note', { name: 'A restore is planned' }).count()).toBe(0);
  const [aside] = readdirSync(join(dataDir, 'replaced'));
  expect(readdirSync(join(dataDir, 'replaced', aside ?? ''))).toContain(DATABASE_FILE_NAME);
  expect((await readMetrics()).totalGenerationDelayMs).toBeGreaterThan(0);
});
