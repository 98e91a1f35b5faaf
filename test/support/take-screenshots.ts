// The pictures of docs/images: a virtual testbed, the runs of Table V, and one picture of every main view. Options: --dark, --out DIR,
// --all for those that no document shows too.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { TABLE_V_COUNTS } from '../../src/shared/comparison.js';
import { launchBrowser } from './browser.js';
import {
  chooseDatasetFile,
  createVirtualTestbed,
  goTo,
  importSample,
  provision,
  startRun,
  untilReady,
  untilRunIs,
} from './window-steps.js';
import { findRealCaptions } from './flickr-files.js';
import { startProgram } from './program.js';

/** The height is a laptop's; PNGs of 128 colors stay small and show no bands in a window of few colors. */
const WINDOW = { width: 1280, height: 800 };
const COLORS = 128;
/** Those that documents show; `--all` is for looking at every view. */
const PUBLISHED = ['overview', 'run', 'gallery', 'compare'];
const TESTBED = 'Five Orins';
/** Slow enough for valid runs; one of 1,000 takes six minutes of real time. */
const TIME_SCALE = 10;
/** Real ms, for what never comes. */
const RUN_LIMIT_MS = 1_800_000;

const { values } = parseArgs({ options: { dark: { type: 'boolean' }, all: { type: 'boolean' }, out: { type: 'string' } } });
const outDir = values.out ?? join(import.meta.dirname, '../../docs/images');
mkdirSync(outDir, { recursive: true });

const dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-data-'));
const [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
try {
  const context = await browser.newContext({ viewport: WINDOW, colorScheme: values.dark ? 'dark' : 'light' });
  const page = await context.newPage();
  await page.goto(program.url);
  await prepare(page);
  await takeRuns(page);
  await takeViews(page);
} finally {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function prepare(page: Page): Promise<void> {
  await createVirtualTestbed(page, { name: TESTBED, nodes: 5, timeScale: TIME_SCALE });
  await provision(page);
  await untilReady(page);
  await take(page, 'provisioning');
  await page.getByRole('tab', { name: 'Nodes' }).click();
  await take(page, 'testbed');
  const captions = findRealCaptions();
  if (!captions) return importSample(page);
  const dialog = await chooseDatasetFile(page, captions);
  await dialog.getByLabel('Name').fill('Flickr8k');
  await take(page, 'import');
  await dialog.getByRole('button', { name: /^Import [\d,]+ prompts$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function takeRuns(page: Page): Promise<void> {
  for (const count of TABLE_V_COUNTS) {
    await startRun(page, { name: `Table V, |N| = ${count.toLocaleString('en')}`, count });
    if (count === 1000) {
      await untilRunIs(page, 'Running');
      await page.getByText(/^Tasks ended: (3|4)\d\d of/).waitFor({ timeout: RUN_LIMIT_MS });
      await take(page, 'run');
    }
    await untilRunIs(page, 'Succeeded', RUN_LIMIT_MS);
    if (count === 100) {
      await take(page, 'run-ended');
      await page.getByRole('tab', { name: /^Tasks/ }).click();
      await take(page, 'tasks');
    }
  }
}

async function takeViews(page: Page): Promise<void> {
  for (const view of ['Overview', 'Datasets', 'Runs']) {
    await goTo(page, view);
    await take(page, view.toLowerCase());
  }
  await goTo(page, 'Table V');
  await take(page, 'compare');
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'This machine' }).click();
  await page.getByText('OpenSSH client').waitFor();
  await take(page, 'system');
  await page.goto(`${new URL(page.url()).origin}/#/runs/new`);
  await page.getByRole('button', { name: 'Start run', disabled: false }).waitFor();
  await take(page, 'new-run');
  await goTo(page, 'Gallery');
  await page
    .getByRole('button', { name: /^Open image of task/ })
    .first()
    .click();
  await take(page, 'gallery');
}

/** Waits until everything asked for has come and every movement has ended. */
async function take(page: Page, name: string): Promise<void> {
  if (!values.all && !PUBLISHED.includes(name)) return;
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await Promise.all(
      document
        .getAnimations()
        .flatMap((animation) =>
          animation.effect?.getComputedTiming().iterations === Infinity ? [] : [animation.finished.catch(() => undefined)],
        ),
    );
  });
  const png = await page.screenshot();
  await sharp(png)
    .png({ palette: true, colors: COLORS, compressionLevel: 9 })
    .toFile(join(outDir, `${name}.png`));
  process.stdout.write(`${name}.png\n`);
}
