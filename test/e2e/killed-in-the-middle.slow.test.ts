// `kill -9` in the middle of a run, a second start on the same data, and the run that finishes by itself.
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FILE_NAME } from '../../src/main/adapters/storage/open-database.js';
import type { RunSummary } from '../../src/shared/run.js';
import { runCliJson } from '../support/cli.js';
import { listStartedBy, stillRunning, type ProcessInfo } from '../support/processes.js';
import { startProgram } from '../support/program.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const TASKS = 120;
/** Long enough for the kill to come in the middle: 120 images on 5 nodes take about 7 s of real time. */
const TIME_SCALE = 60;
const RUN_NAME = 'Interrupted';

let window: OpenWindow;
let page: Page;
let runId: string;
let children: ProcessInfo[];
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page } = window);
  await prepareRuns(page, { name: 'Lab', nodes: 5, timeScale: TIME_SCALE });
  runId = await startRun(page, { name: RUN_NAME, count: TASKS });
});

afterAll(() => window.close());

describe('a program killed in the middle of a run', () => {
  it('dies with results accepted and tasks open, and takes its child processes along', async () => {
    const progress = page.getByRole('progressbar', { name: 'Tasks ended' });
    await eventually(async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(10));
    children = listStartedBy(window.program.pid, window.dataDir);
    expect(children.length, 'five agents and the host of the virtual nodes').toBeGreaterThanOrEqual(6);
    await window.program.kill();

    await eventually(() => expect(stillRunning(children)).toEqual([]));
    const { succeeded } = await readRun();
    expect(succeeded).toBeGreaterThan(0);
    expect(succeeded).toBeLessThan(TASKS);
  });

  it('tells the open window that the connection is lost', async () => {
    await page.getByRole('contentinfo').getByText('Reconnecting').waitFor();
  });

  it('continues by itself at the next start and finishes in the window', async () => {
    window.program = await startProgram(window.dataDir);
    await page.goto(window.program.url);
    await goTo(page, 'Runs');
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('link', { name: RUN_NAME }).click();
    await untilRunIs(page, 'Succeeded');
  });

  it('stamps the run invalid with the interruption as the reason', async () => {
    await page.getByRole('note', { name: 'Why the run is invalid' }).getByText('The program was not running').waitFor();
    const shown = await runCliJson(['run', 'show', runId, '--data', window.dataDir]);
    const { run } = shown.document as { run: RunSummary };
    expect(run.validity.isValid).toBe(false);
    // The virtual nodes died with the program: that is reported as well.
    expect(run.validity.reasons).toContain('The program was not running for a while during the run.');
  });

  it('has accepted every task once, with a result each', () => {
    const database = new BetterSqlite3(join(window.dataDir, DATABASE_FILE_NAME), { readonly: true });
    try {
      const tasks = database.prepare<[string], { id: string; state: string; images: number; accepted: number }>(ACCEPTANCES).all(runId);
      expect(tasks).toHaveLength(TASKS);
      expect(tasks.filter((task) => task.state !== 'succeeded' || task.images !== 1 || task.accepted !== 1)).toEqual([]);
    } finally {
      database.close();
    }
  });
});

const ACCEPTANCES = `
  SELECT id, state,
    (SELECT count(*) FROM task_images WHERE task_id = tasks.id) AS images,
    (SELECT count(*) FROM attempts WHERE task_id = tasks.id AND state = 'succeeded') AS accepted
  FROM tasks WHERE run_id = ?`;

async function readRun(): Promise<RunSummary['counts']> {
  const { document } = await runCliJson(['run', 'show', runId, '--data', window.dataDir]);
  return (document as { run: RunSummary }).run.counts;
}
