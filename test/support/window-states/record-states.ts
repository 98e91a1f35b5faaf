// The dialogs over what has been recorded: notes, tags, views, names, archives, comparisons; and what waits for its time.
import type { Page } from 'playwright-core';
import { buildLearningSeries } from '../learning-series.js';
import { at, dialog, doing, visit, type WindowState } from './window-state.js';

const NOTE = [
  '## What was different',
  'The room was **cooler** than last week, see `tegrastats-of-the-night-without-any-break-in-its-name-2026-11-30.log`.',
  '- fans on\n- [power](https://example.org)',
  '| Node | W |\n| --- | --- |\n| orin-1 | 21.4 |\n| orin-2 | 20.9 |',
].join('\n\n');

const anyDialog = (page: Page) => page.locator('[role="dialog"], [role="alertdialog"]').first();

async function askForName(page: Page, button: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  await anyDialog(page).waitFor();
}

async function selectThreeRuns(page: Page): Promise<void> {
  for (const row of [1, 2, 3]) await page.getByRole('treegrid', { name: 'Runs' }).getByRole('checkbox').nth(row).click();
}

async function chooseOfMenu(page: Page, button: string | RegExp, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  await page.getByRole('menuitem', { name: item }).first().click();
  await anyDialog(page).waitFor();
}

/** A day that is always ahead, and never more than a year. */
const NEXT_YEAR = new Date().getFullYear() + 1;
const LATER_MS = new Date(NEXT_YEAR, 0, 1, 20).getTime();
const MISSED_MS = new Date(2026, 10, 30, 20).getTime();

const planned = (name: string, change: { isMissed?: boolean }, act?: (page: Page, runName: string) => Promise<void>): WindowState => ({
  name,
  async open({ page, api, ids, services }) {
    const runName = `Night run ${name}`;
    const spec = { name: runName, testbedId: ids.testbed, datasetId: ids.dataset, taskCount: 4, allowOverload: true };
    const { id } = await api.runs.start({ ...spec, startAtMs: LATER_MS });
    const watch = services.runs.watch.bind(services.runs);
    services.runs.watch = async function* (...input) {
      for await (const live of watch(...input)) {
        if (live.run.id !== id || !change.isMissed) yield live;
        else yield { ...live, run: { ...live.run, plannedStart: { atMs: MISSED_MS, isMissed: true } } };
      }
    };
    await visit(page, `/runs/${id}`);
    await page.getByRole('region', { name: 'When it starts' }).waitFor();
    await act?.(page, runName);
  },
});

/** Need records alone: runs, which may have ended elsewhere, and their testbed. */
export const RECORD_DIALOGS: readonly WindowState[] = [
  doing(
    'dialog-note',
    ({ runs }) => `/runs/${runs[0]}`,
    async (page) => {
      await askForName(page, /^(Edit note|Write a note)$/);
      await page.getByRole('textbox', { name: 'Note' }).fill(NOTE);
    },
  ),
  dialog('dialog-note-long-name', ({ longNamed }) => `/runs/${longNamed}`, /^(Edit note|Write a note)$/),
  doing(
    'dialog-tags',
    ({ longNamed }) => `/runs/${longNamed}`,
    async (page) => {
      await askForName(page, /^(Tags|Add tags)$/);
      await page.getByLabel('New tag').fill(`${'t'.repeat(40)} warm second-rack third fourth fifth sixth seventh`);
      await page.getByLabel('New tag').press('Enter');
      await page.getByLabel('New tag').fill('not/a tag!');
    },
  ),
  doing('dialog-tags-of-several', '/runs', async (page) => {
    await selectThreeRuns(page);
    await askForName(page, /^Tag$/);
  }),
  doing('dialog-save-view', '/runs?q=n%3A%3E3', (page) => askForName(page, 'Save view')),
  {
    name: 'dialog-rename-view',
    async open({ page, api }) {
      for (const name of ['Only random', 'Only random, since the new rack and its power supply']) {
        await api.history.views.save({ name, query: 'scheduler:random' });
      }
      await page.reload();
      await visit(page, '/runs');
      await chooseOfMenu(page, /^More for the view Only random, since/, 'Rename…');
    },
  },
  doing(
    'dialog-rename-view-taken',
    () => '/runs',
    async (page) => {
      await chooseOfMenu(page, /^More for the view Only random, since/, 'Rename…');
      await page.getByLabel('Name', { exact: true }).fill('Only random');
    },
  ),
  dialog('dialog-rename-testbed', ({ testbed }) => `/testbeds/${testbed}`, 'Rename'),
  doing(
    'dialog-export-archive',
    ({ runs }) => `/runs/${runs[0]}`,
    (page) => chooseOfMenu(page, 'Export', /^Archive/),
  ),
  dialog('dialog-run-again-long-name', ({ longNamed }) => `/runs/${longNamed}`, 'Run again'),
  dialog('dialog-choose-runs', ({ runs }) => `/table-v?runs=${runs[0]}`, 'Choose runs'),
  {
    name: 'dialog-restore-backup',
    async open({ page, api }) {
      await api.data.backUp();
      await visit(page, '/settings?tab=data');
      await page.getByRole('button', { name: 'Restore', exact: true }).first().click({ timeout: 60_000 });
      await anyDialog(page).waitFor();
    },
  },
];

export const RECORD_STATES: readonly WindowState[] = [
  ...RECORD_DIALOGS,
  doing(
    'export-archive-written',
    ({ runs }) => `/runs/${runs[0]}`,
    async (page) => {
      await chooseOfMenu(page, 'Export', /^Archive/);
      await page.getByRole('button', { name: 'Write the archive' }).click();
      await page.getByText(/is ready\.$/).waitFor();
    },
  ),
  dialog('dialog-export-archive-series', ({ series }) => `/series/${series}`, 'Archive'),
  dialog('dialog-run-again-series', ({ series }) => `/series/${series}`, 'Run again'),
  dialog('dialog-run-again-training', ({ training }) => `/train/${training}`, 'Run again'),
  dialog('dialog-extend-series', ({ series }) => `/series/${series}`, 'Extend'),
  dialog('dialog-rename-report', ({ report }) => `/reports/${report}`, 'Rename report'),
  doing('new-run-at-a-time', '/runs/new', async (page) => {
    await page.getByRole('radio', { name: 'At a time' }).click();
    await page.getByLabel('Date', { exact: true }).fill(`${NEXT_YEAR}-01-01`);
    await page.getByLabel('Time', { exact: true }).fill('20:00');
    await page.getByRole('button', { name: /^Start run at Jan 1/ }).waitFor();
  }),
  doing('new-run-in-the-past', '/runs/new', async (page) => {
    await page.getByRole('radio', { name: 'At a time' }).click();
    await page.getByLabel('Date', { exact: true }).fill('2020-01-01');
    await page.getByLabel('Time', { exact: true }).fill('20:00');
    await page.getByText(/has passed: it is/).waitFor();
  }),
  doing('new-series-at-a-time', '/runs/new?as=series', async (page) => {
    await page.getByRole('radio', { name: 'At a time' }).click();
    await page.getByLabel('Date', { exact: true }).fill(`${NEXT_YEAR}-01-01`);
    await page.getByLabel('Time', { exact: true }).fill('20:00');
  }),
  planned('planned-run', {}),
  planned('dialog-planned-time', {}, (page, runName) => askForName(page, `Change time: ${runName}`)),
  planned('planned-run-missed', { isMissed: true }),
  planned('dialog-missed-time', { isMissed: true }, (page, runName) => askForName(page, `Change time: ${runName}`)),
  doing('activity-planned', '/', (page) => page.keyboard.press('Control+J')),
  at('runs-planned', '/runs'),
  {
    name: 'series-learning',
    async open({ page, ids, services }) {
      const { series, result } = buildLearningSeries(ids.testbed);
      const shown = { ...series, id: ids.series };
      const before = { get: services.series.get, watch: services.series.watch, result: services.series.result };
      Object.assign(services.series, {
        get: () => shown,
        result: () => ({ ...result, seriesId: ids.series }),
        async *watch() {
          yield await Promise.resolve(shown);
        },
      });
      await visit(page, `/series/${ids.series}`);
      await page.getByRole('table', { name: 'Runs of a policy that learns' }).scrollIntoViewIfNeeded();
      Object.assign(services.series, before);
    },
  },
];
