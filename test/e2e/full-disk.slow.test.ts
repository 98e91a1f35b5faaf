// The disk of the data folder fills up in the middle of a run: it waits, says why and how much, and continues by itself when there is room.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const TASKS = 60;
/** Room for the margin that provisioning asks of a node, for the program's data, and for the images many times over. */
const DISK_MEBIBYTES = 256;

let disk: SmallDisk | null;
let browser: Browser;
let program: RunningProgram;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  disk = mountSmallDisk(DISK_MEBIBYTES);
  if (!disk) return;
  [program, browser] = await Promise.all([startProgram(join(disk.dir, 'data')), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
});

afterAll(async () => {
  if (!disk) return;
  await browser.close();
  await program.stop();
  disk.remove();
});

it('holds a run while its disk is full, says what is missing and where, and finishes it when there is room again', async ({ annotate }) => {
  if (!disk) return void (await annotate('This user may not mount a small disk here, so a full one was not tried.'));
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 100 });
  await startRun(page, { name: 'Out of room', count: TASKS });
  const progress = page.getByRole('progressbar', { name: 'Tasks ended' });
  await eventually(async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(3));

  disk.fill();
  await untilRunIs(page, 'Paused');
  const notice = page.getByRole('region', { name: 'Why the run waits' });
  await notice.getByText(/No space is left/).waitFor();
  await notice.getByText(disk.dir, { exact: false }).first().waitFor();
  await notice.getByText('Continues with').waitFor();

  disk.free();
  await untilRunIs(page, 'Succeeded');
});
