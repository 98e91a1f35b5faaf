// A run and a series that are to start at a time: composed, waiting in the drawer and on their pages, changed, started, canceled; series that
// wait for one testbed; and what the terminal says of them.
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { findBarriers } from '../support/find-barriers.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { startProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading, prepareRuns, untilRunIs } from '../support/window-steps.js';

let window: OpenWindow;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page } = window);
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 20 });
});

afterAll(() => window.close());

const drawer = (): Locator => page.getByRole('region', { name: 'Activity' });
const open = async (path: string, title: string): Promise<void> => {
  await page.evaluate((hash) => (location.hash = hash), path);
  await heading(page, title).waitFor();
};

/** On the first of January of the next year, which is never in the past and never more than a year ahead. */
const DAY = `${new Date().getFullYear() + 1}-01-01`;
const SAID = `Starts Jan 1, ${new Date().getFullYear() + 1}, 20:00`;

const HOUR_MS = 3_600_000;

/** The time for which a run is planned, as nobody can while the program runs. */
function setStartTo(dataDir: string, runId: string, startAtMs: number): void {
  const database = new BetterSqlite3(join(dataDir, 'dedgeai.sqlite'));
  try {
    expect(database.prepare('UPDATE planned_starts SET start_at_ms = ? WHERE id = ?').run(startAtMs, runId).changes).toBe(1);
  } finally {
    database.close();
  }
}

async function planFor(day: string, time: string): Promise<void> {
  await page.getByRole('radio', { name: 'At a time' }).click();
  await page.getByLabel('Date', { exact: true }).fill(day);
  await page.getByLabel('Time', { exact: true }).fill(time);
}

describe('a run at a time', () => {
  it('is refused in the past with the remedy, and estimated from its start', async () => {
    await open('/runs/new', 'New run');
    await page.getByLabel('Name').fill('Night run');
    await planFor('2020-01-01', '20:00');
    await page.getByText(/Jan 1, 2020, 20:00 has passed: it is .* Choose a later time/).waitFor();
    expect(await page.getByRole('button', { name: /^Start run/ }).isDisabled()).toBe(true);
    await planFor(DAY, '20:00');
    await page.getByText(/if its testbed is free at Jan 1/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: /^Start run at Jan 1/ }).click();
  });

  it('says on its page and in the drawer when it starts, and takes another time', async () => {
    await heading(page, 'Night run').waitFor();
    const notice = page.getByRole('region', { name: 'When it starts' });
    await notice.getByText(`${SAID}.`).waitFor();
    await notice.getByRole('button', { name: 'Change time: Night run' }).click();
    const dialog = page.getByRole('dialog', { name: 'When does “Night run” start?' });
    expect(await dialog.getByLabel('Time', { exact: true }).inputValue()).toBe('20:00');
    await dialog.getByLabel('Time', { exact: true }).fill('21:30');
    await dialog.getByRole('button', { name: /^Start at Jan 1/ }).click();
    await notice.getByText(/21:30\./).waitFor();
    await page.keyboard.press('Control+j');
    await drawer()
      .getByRole('region', { name: 'Planned' })
      .getByText(/^Starts Jan 1.*21:30$/)
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('is said in the terminal, which plans others beside it', async () => {
    const listed = await runCli(['run', 'show', '--data', window.dataDir]);
    expect(listed.stdout).toMatch(/state +queued: Starts Jan 1.*21:30/);
    const late = await runCli(['run', 'start', '--at', '2020-01-01 20:00', '--data', window.dataDir]);
    expect(late.stderr).toMatch(/has passed: it is/);
    const planned = await runCli(['run', 'start', '-n', '4', '--name', 'From a shell', '--at', `${DAY} 20:00`, '--data', window.dataDir]);
    expect(planned).toMatchObject({ status: 0 });
    expect(planned.stdout).toContain(`“From a shell”: ${SAID}.`);
    const id = /run-\w+/.exec(planned.stdout)?.[0] ?? '';
    const moved = await runCli(['run', 'reschedule', id, '--at', `${DAY} 22:00`, '--data', window.dataDir]);
    expect(moved.stdout).toMatch(/Starts Jan 1.*22:00/);
    expect((await runCli(['run', 'cancel', id, '--data', window.dataDir])).status).toBe(0);
  });

  it('starts when it is told to', async () => {
    await drawer().getByRole('button', { name: 'Start now: Night run' }).click();
    await page.getByRole('region', { name: 'When it starts' }).waitFor({ state: 'detached' });
    await drawer().getByRole('region', { name: 'Running' }).getByRole('link', { name: 'Night run' }).waitFor();
    await page.keyboard.press('Control+j');
  });

  it('asks when its time went by while the program was not running, and starts when a person says so', async () => {
    const planned = await runCli(['run', 'start', '-n', '2', '--name', 'Missed', '--at', `${DAY} 20:00`, '--data', window.dataDir]);
    const id = /run-\w+/.exec(planned.stdout)?.[0] ?? '';
    await window.program.stop();
    setStartTo(window.dataDir, id, Date.now() - HOUR_MS);
    window.program = await startProgram(window.dataDir);
    await page.goto(window.program.url);
    await open(`/runs/${id}`, 'Missed');
    const notice = page.getByRole('region', { name: 'When it starts' });
    await notice.getByText(/^Was to start .*, when the program was not running\.$/).waitFor();
    await notice.getByText('It does not start by itself anymore').waitFor();
    await page.getByRole('button', { name: /^Notifications, .*some need you$/ }).click();
    await drawer().getByText('Run “Missed” was not started at its time').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await notice.getByRole('button', { name: 'Start now: Missed' }).click();
    await notice.waitFor({ state: 'detached' });
    await untilRunIs(page, 'Succeeded');
  });
});

describe('series', () => {
  it('wait for a time too, with the command that does the same', async () => {
    await open('/runs/new?as=series&count=1&schedulers=random,round-robin', 'New series');
    await page.getByLabel('Name').fill('Weekend');
    await planFor(DAY, '20:00');
    await page.getByText(new RegExp(`--at "${DAY} 20:00"`)).waitFor();
    await page.getByRole('button', { name: /^Start series at Jan 1/ }).click();
    await heading(page, 'Weekend').waitFor();
    await page.getByRole('region', { name: 'When it starts' }).getByText(`${SAID}.`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('change places where they wait for one testbed', async () => {
    for (const name of ['First', 'Second', 'Third']) {
      await open('/runs/new?as=series&count=100&schedulers=random,round-robin', 'New series');
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Start series', exact: true }).click();
      await heading(page, name).waitFor();
    }
    await goTo(page, 'Gallery');
    await page.keyboard.press('Control+j');
    const queued = drawer().getByRole('region', { name: 'Queued' });
    const titles = async (): Promise<string[]> =>
      (await queued.locator('li').getByRole('link').allInnerTexts()).filter((title) => title.startsWith('Run series'));
    await expect.poll(titles).toEqual(['Run series “Second”', 'Run series “Third”']);
    await queued.getByRole('button', { name: 'Let Run series “Third” come earlier' }).click();
    await expect.poll(titles).toEqual(['Run series “Third”', 'Run series “Second”']);
    const row = (name: string): Locator =>
      queued.locator('li').filter({ has: page.getByRole('link', { name: `Run series “${name}”`, exact: true }) });
    await row('Third').dragTo(row('Second'));
    await expect.poll(titles).toEqual(['Run series “Second”', 'Run series “Third”']);
  });
});
