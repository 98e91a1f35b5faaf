// The pictures of docs/images, in both themes: a virtual testbed, the runs of Table V, and one picture of every view that the user's guide
// shows. A view that does not come is named at the end, the others are taken all the same. Options: --out DIR, --only NAME,NAME, and
// --counts N,N for other runs than those of Table V, which take most of the time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { TABLE_V_COUNTS } from '../../src/shared/comparison.js';
import { launchBrowser } from './browser.js';
import { findRealCaptions } from './flickr-files.js';
import { startProgram } from './program.js';
import { createTaker, type Taker } from './picture-taker.js';
import {
  chooseDatasetFile,
  createVirtualTestbed,
  fillNewRun,
  fillSmallTraining,
  goTo,
  heading,
  importSample,
  provision,
  startRun,
  untilReady,
  untilRunIs,
} from './window-steps.js';

/** The height is a laptop's. */
const WINDOW = { width: 1280, height: 800 };
const TESTBED = 'Five Orins';
/** Slow enough for valid runs; one of 1,000 takes six minutes of real time. */
const TIME_SCALE = 10;
/** Real ms, for what never comes. */
const RUN_LIMIT_MS = 1_800_000;
const EPISODES = 40;

const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' }, counts: { type: 'string' } } });
const counts: readonly number[] = values.counts?.split(',').map(Number) ?? TABLE_V_COUNTS;
const outDir = values.out ?? join(import.meta.dirname, '../../docs/images');
mkdirSync(outDir, { recursive: true });

const dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-data-'));
const [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
try {
  const context = await browser.newContext({ viewport: WINDOW, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const taker = createTaker(page, { outDir, only: values.only?.split(',') ?? null });
  await page.goto(program.url);
  await prepare(page, taker);
  await taker.view('training', () => train(page));
  const runIds = await takeRuns(page, taker);
  await takeResults(page, taker, runIds);
  await takeRest(page, taker);
  if (taker.failed.length > 0) {
    process.exitCode = 1;
    process.stderr.write(`Not taken:\n${taker.failed.join('\n')}\n`);
  }
} finally {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function prepare(page: Page, taker: Taker): Promise<void> {
  await createVirtualTestbed(page, { name: TESTBED, nodes: 5, timeScale: TIME_SCALE });
  await provision(page);
  await untilReady(page);
  await taker.take('provisioning');
  await taker.view('testbed', () => page.getByRole('tab', { name: 'Nodes' }).click());
  const captions = findRealCaptions();
  if (!captions) return importSample(page);
  const dialog = await chooseDatasetFile(page, captions);
  await dialog.getByLabel('Name').fill('Flickr8k');
  await dialog.getByRole('button', { name: /^Import [\d,]+ prompts$/ }).waitFor();
  await taker.take('import');
  await dialog.getByRole('button', { name: /^Import [\d,]+ prompts$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function train(page: Page): Promise<void> {
  await fillSmallTraining(page, EPISODES);
  await page.getByRole('button', { name: 'Start training' }).click();
  await untilRunIs(page, 'Succeeded', RUN_LIMIT_MS);
}

/** The runs of Table V by the scheduler that the form proposes, and one by chance to compare with. Gives the two of 100 tasks. */
async function takeRuns(page: Page, taker: Taker): Promise<string[]> {
  const compared: string[] = [];
  for (const count of counts) {
    const id = await startRun(page, { name: `Table V, |N| = ${count.toLocaleString('en')}`, count });
    if (count === 1000) {
      await untilRunIs(page, 'Running');
      await taker.view('run', () => page.getByText(/^Tasks ended: (3|4)\d\d of/).waitFor({ timeout: RUN_LIMIT_MS }));
    }
    await untilRunIs(page, 'Succeeded', RUN_LIMIT_MS);
    if (count !== 100) continue;
    await taker.take('run-ended');
    compared.push(id, await runByChance(page));
  }
  return compared;
}

async function runByChance(page: Page): Promise<string> {
  await fillNewRun(page, { name: 'By chance, |N| = 100', count: 100 });
  await page
    .getByRole('radiogroup', { name: 'Scheduler' })
    .getByRole('radio', { name: /^Random/ })
    .click();
  await page.getByRole('button', { name: 'Start run' }).click();
  await heading(page, 'By chance, |N| = 100').waitFor();
  await untilRunIs(page, 'Succeeded', RUN_LIMIT_MS);
  return new URL(page.url()).hash.split('/').at(-1)!;
}

async function takeResults(page: Page, taker: Taker, runIds: readonly string[]): Promise<void> {
  for (const view of ['Overview', 'Runs', 'Table V']) await taker.view(view.toLowerCase().replace(' ', '-'), () => goTo(page, view));
  await taker.view('compare', async () => {
    await open(page, `/compare?runs=${runIds.join(',')}`);
    await page.getByText('What differs').first().waitFor();
  });
  await taker.view('gallery', async () => {
    await goTo(page, 'Gallery');
    const first = page
      .getByRole('list', { name: 'Images' })
      .getByRole('button', { name: /^Open image of task/ })
      .first();
    await first.click();
  });
  await taker.view('report', async () => {
    await goTo(page, 'Reports');
    await page.getByRole('button', { name: 'New report' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New report' });
    await dialog.getByRole('radio', { name: /^Table V/ }).click();
    await dialog.getByRole('button', { name: 'Create report' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('region', { name: 'Preview' }).or(page.getByLabel('Preview')).first().waitFor();
  });
}

async function takeRest(page: Page, taker: Taker): Promise<void> {
  await taker.view('new-run', async () => {
    await open(page, '/runs/new');
    await page.getByRole('button', { name: 'Start run', disabled: false }).waitFor();
  });
  await taker.view('new-series', async () => {
    await open(page, '/runs/new?as=series&preset=table-v');
    await page
      .getByText('Plan of the series')
      .or(page.getByRole('heading', { name: 'Plan' }))
      .first()
      .waitFor();
  });
  await taker.view('settings', () => goTo(page, 'Settings'));
  await taker.view('jobs', async () => {
    await goTo(page, 'Jobs');
    await page.keyboard.press('Control+J');
  });
  await page.keyboard.press('Control+J');
  await taker.view('palette', async () => {
    await goTo(page, 'Overview');
    await page.keyboard.press('Control+K');
    await page.getByRole('dialog', { name: 'Search or run a command' }).waitFor();
    await page.keyboard.type('table');
  });
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#${path}`);
}
