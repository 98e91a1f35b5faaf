// A node whose agent hangs in the middle of a run: the others take its tasks over.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listStartedBy } from '../support/processes.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const TASKS = 60;
const TIME_SCALE = 60;

let window: OpenWindow;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page } = window);
  await prepareRuns(page, { name: 'Lab', nodes: 3, timeScale: TIME_SCALE });
});

afterAll(() => window.close());

describe('a run that loses a node in the middle', () => {
  it('says which one does not answer', async () => {
    await startRun(page, { name: 'With a loss', count: TASKS });
    const progress = page.getByRole('progressbar', { name: 'Tasks ended' });
    await eventually(async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(5));
    const agent = listStartedBy(window.program.pid, window.dataDir).find(({ command }) => command.includes('agent.mjs'));
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
