// A node whose agent hangs in the middle of a run: the others take its tasks over.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { listStartedBy } from '../support/processes.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { createVirtualTestbed, importSample, provision, startRun, untilReady, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const TASKS = 60;
const TIME_SCALE = 60;

let dataDir: string;
let browser: Browser;
let program: RunningProgram;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'dying-node-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  await createVirtualTestbed(page, { name: 'Lab', nodes: 3, timeScale: TIME_SCALE });
  await provision(page);
  await untilReady(page);
  await importSample(page);
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a run that loses a node in the middle', () => {
  it('says which one does not answer', async () => {
    await startRun(page, { name: 'With a loss', count: TASKS });
    const progress = page.getByRole('progressbar', { name: 'Tasks ended' });
    await eventually(async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(5));
    const agent = listStartedBy(program.pid, dataDir).find(({ command }) => command.includes('agent.mjs'));
    // One that hangs: one that dies is started again by its node.
    process.kill(agent!.pid, 'SIGSTOP');
    await page
      .getByRole('table', { name: 'Nodes of the run' })
      .getByText(/fell silent|does not answer|ended the connection/)
      .waitFor();
  });

  it('finishes every task on the others', async () => {
    await untilRunIs(page, 'Succeeded');
  });

  it('is not valid for comparisons, and names the node as the reason', async () => {
    await page
      .getByRole('note', { name: 'Why the run is invalid' })
      .getByText(/node-\d was lost/)
      .waitFor();
  });
});
