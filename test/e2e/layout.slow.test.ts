// The views of a program just started, and of one with runs whose names leave no room, in three sizes: nothing scrolls sideways, no text is cut
// without a way to read it, and no control is covered by something else or lies outside the window.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { fillHistory } from '../support/filled-history.js';
import { settle, settleDrawing } from '../support/picture-taker.js';
import { BOARD_STATES, fillBoards } from '../support/window-states/board-states.js';
import { EMPTY_STATES } from '../support/window-states/empty-states.js';
import { LONG_NAME, type FilledIds } from '../support/window-states/fill-program.js';
import { findLayoutFaults, type LayoutFault } from '../support/window-states/layout-faults.js';
import { openStates, type OpenStates } from '../support/window-states/open-program.js';
import { WINDOW_SIZES } from '../support/window-states/picture-states.js';
import { RECORD_DIALOGS } from '../support/window-states/record-states.js';
import { at, type WindowState } from '../support/window-states/window-state.js';

/** Of what is put on record below. */
const IDS = { runs: ['run-1', 'run-2', 'run-3'], longNamed: 'run-1', testbed: 'testbed-1' } as FilledIds;
const RUNS = [
  { name: LONG_NAME, scheduler: 'shortest-expected-completion', taskCount: 12, promptOf: () => 'w'.repeat(900) },
  { name: 'Random 20', scheduler: 'random', taskCount: 20 },
  { name: 'Invalid 20', scheduler: 'round-robin', taskCount: 20, reason: 'It was paused for 12 s.' },
] as const;
const ALL = 'run-1,run-2,run-3';
const FILLED_STATES: readonly WindowState[] = [
  ...['/', '/testbeds', '/testbeds/testbed-1', '/runs', '/runs?group=series', '/runs/new', '/runs/new?as=series', '/jobs', '/gallery'],
  ...['/gallery?form=table', '/runs/run-1', '/runs/run-1?tab=tasks', '/runs/run-1?tab=tasks&task=1', '/runs/run-1?tab=specification'],
  ...['/runs/run-3', `/compare?runs=${ALL}`, '/table-v', '/table-v?tab=reductions', '/table-v?tab=cost', '/table-v?tab=sources'],
].map((path) => at(path, path));

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Real ms: what is gone after them was of a moment in which something came. */
const PASSING_MS = 500;

/** Those that are still there when what was on its way has come. */
async function findLastingFaults(page: Page): Promise<LayoutFault[]> {
  if ((await findLayoutFaults(page)).length === 0) return [];
  await expect.poll(() => page.getByTestId('page-skeleton').count()).toBe(0);
  await page.waitForTimeout(PASSING_MS);
  return findLayoutFaults(page);
}

/** One line a fault, in all sizes. */
async function faultsOf(page: Page, harness: OpenStates, state: WindowState): Promise<string[]> {
  await page.setViewportSize(WINDOW_SIZES[0]);
  await state.open({ ...harness, page, ids: IDS });
  await settle(page);
  const faults: string[] = [];
  for (const size of WINDOW_SIZES) {
    await page.setViewportSize(size);
    await settleDrawing(page);
    for (const { kind, where } of await findLastingFaults(page)) faults.push(`${size.width} px, ${kind}: ${where}`);
  }
  return faults;
}

const PROGRAMS: { what: string; fill: (dataDir: string) => unknown; states: readonly WindowState[] }[] = [
  { what: 'of a program just started', fill: () => undefined, states: EMPTY_STATES },
  {
    what: 'over runs with long names',
    fill: (dataDir: string) => fillHistory(dataDir, RUNS),
    states: [...FILLED_STATES, ...RECORD_DIALOGS],
  },
  { what: 'over real boards', fill: fillBoards, states: BOARD_STATES },
];

describe.each(PROGRAMS)('the views $what', ({ fill, states }) => {
  let harness: OpenStates;
  let page: Page;
  beforeAll(async () => {
    harness = await openStates(fill);
    ({ page } = await openPage(browser, harness.url()));
  });
  afterAll(() => harness?.close());

  it.each(states.map((state) => [state.name, state] as const))('fit their window: %s', async (_, state) => {
    expect(await faultsOf(page, harness, state)).toEqual([]);
  });
});

it('names keep their room beside tags, and the field of the palette its height over a long list', async () => {
  const harness = await openStates((dataDir) => fillHistory(dataDir, RUNS));
  const items = [{ kind: 'run' as const, id: 'run-1' }];
  await harness.api.history.tag({ items, add: ['t'.repeat(40), 'second', 'third', 'fourth'] });
  const { page } = await openPage(browser, harness.url());
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.evaluate(() => (location.hash = '#/runs'));
  // A row that is drawn once more meanwhile has no box.
  await expect.poll(async () => (await page.getByRole('link', { name: LONG_NAME }).boundingBox())?.width ?? 0).toBeGreaterThan(150);
  await page.keyboard.press('Control+K');
  await page.getByRole('option', { name: 'Go to Models' }).waitFor();
  const field = page.getByRole('combobox', { name: 'Search or run a command' });
  await expect.poll(async () => (await field.boundingBox())?.height).toBe(44);
  await harness.close();
});
