// The page of a run while it is in progress and afterwards: everything on one screen, by keyboard alone, for people who hear it, and with a
// node that falls silent in the middle.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/find-barriers.js';
import { listStartedBy } from '../support/processes.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { fillNewRun, heading, prepareRuns, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const NODES = 5;
/** A run of some 40 s of real time where nothing stops it. */
const TIME_SCALE = 10;
const NAME = 'By keyboard';

let window: OpenWindow;
let page: Page;
let complaints: string[];
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page, complaints } = window);
  await prepareRuns(page, { name: 'Lab', nodes: NODES, timeScale: TIME_SCALE });
});

afterAll(() => window.close());

const board = (name: string | RegExp): Locator => page.locator('main').getByRole('region', { name, exact: true });
const grid = (): Locator => page.getByRole('grid', { name: `Timeline of ${NAME}` });
const focusIsSomewhere = (): Promise<boolean> => page.evaluate(() => document.activeElement !== document.body);

/** By keyboard alone. */
async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab never came to it');
}

/** The element that a screen reader reads out while the grid has the focus. */
async function spokenCell(): Promise<string> {
  const id = await grid().getAttribute('aria-activedescendant');
  return (await page.locator(`[id="${id}"]`).getAttribute('aria-label')) ?? '';
}

async function liesInView(region: Locator): Promise<boolean> {
  const box = await region.boundingBox();
  const size = page.viewportSize();
  return box !== null && size !== null && box.y >= 0 && box.y + box.height <= size.height && box.x + box.width <= size.width;
}

describe('a run that is in progress', () => {
  it('is started by keyboard, and its title has the focus', async () => {
    await page.keyboard.press('n');
    await tabTo(page.getByRole('form', { name: 'New run' }).getByLabel('Name'));
    await page.keyboard.type(NAME);
    await page.getByRole('button', { name: 'Start run', disabled: false }).waitFor();
    await page.keyboard.press('Control+Enter');
    await heading(page, NAME).waitFor();
    await expect.poll(focusIsSomewhere).toBe(true);
  });

  it('has progress, timeline, queues, delays and failures on one screen of 1440 x 900', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await untilRunIs(page, 'Running');
    await eventually(async () => expect(await page.getByText('p95').count()).toBeGreaterThan(0));
    for (const name of ['Progress', 'Timeline', 'Queue per node', 'Delay so far', /^Failures by cause/]) {
      const region = typeof name === 'string' ? board(name) : page.locator('main').getByRole('region', { name });
      await eventually(async () => expect([name, await liesInView(region.first())]).toEqual([name, true]));
    }
    expect(await page.getByRole('table', { name: 'Nodes of the run' }).getByRole('row').count()).toBe(1 + NODES);
  });

  it('has progress and timeline on one of 1024 x 700, the rest as tabs, and nothing scrolls sideways', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.getByRole('tab', { name: 'Queue per node' }).waitFor();
    for (const name of ['Progress', 'Timeline']) await eventually(async () => expect(await liesInView(board(name))).toBe(true));
    expect(await page.locator('#view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is paused by keyboard, and the focus stays on the button that resumes it', async () => {
    await tabTo(page.getByRole('button', { name: 'Pause', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog', { name: 'Pause this run?' }).waitFor();
    await tabTo(page.getByRole('button', { name: 'Pause run' }));
    await page.keyboard.press('Enter');
    await untilRunIs(page, 'Paused');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    await page.getByText('Its clock has stopped, too.').waitFor();
    const resume = page.getByRole('button', { name: 'Resume', exact: true });
    await expect.poll(() => resume.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('is a grid by keys: tasks along a lane, lanes up and down, a task beside it and away again', async () => {
    await tabTo(grid());
    expect(await grid().getAttribute('aria-rowcount')).toBe(String(NODES));
    expect(await grid().getByRole('rowheader').count()).toBe(NODES);
    expect(await spokenCell()).toMatch(/^Task \d+, node-1, compute [\d.]+ m?s from .+, \d+ steps, succeeded/);
    await page.keyboard.press('Home');
    const first = await spokenCell();
    await page.keyboard.press('ArrowRight');
    expect(await spokenCell()).not.toBe(first);
    await page.keyboard.press('ArrowDown');
    expect(await spokenCell()).toContain('node-2');
    await page.keyboard.press('Enter');
    const task = page.getByRole('complementary', { name: 'Chosen task' });
    await task.getByText('Service delay', { exact: true }).waitFor();
    const before = await task.getByRole('heading').first().innerText();
    // Of two tasks of a lane, either may be the nearer one.
    const isLast = await task.getByRole('button', { name: 'Next task (j)' }).isDisabled();
    await page.keyboard.press(isLast ? 'k' : 'j');
    await expect.poll(() => task.getByRole('heading').first().innerText()).not.toBe(before);
    await page.keyboard.press('i');
    await task.waitFor({ state: 'hidden' });
    expect(await focusIsSomewhere()).toBe(true);
  });

  it('zooms by keys, and is a table on wish', async () => {
    const shown = page.getByRole('combobox', { name: 'Shown time' });
    await page.keyboard.press('+');
    await expect.poll(() => shown.innerText()).toContain('Zoom');
    await page.keyboard.press('0');
    await expect.poll(() => shown.innerText()).toBe('Time: all');
    await page.getByRole('button', { name: 'As table' }).click();
    await page.getByRole('table', { name: 'Timeline' }).getByText('Succeeded').first().waitFor();
    await page.getByRole('button', { name: 'As chart' }).click();
    await grid().waitFor();
  });

  it('has nothing that axe complains about, in either theme, and nothing moves where that is not wanted', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect.poll(() => findBarriers(page), { timeout: 30_000 }).toEqual([]);
    }
    const moving = await page.evaluate(() =>
      document.getAnimations().flatMap(({ effect, playState }) => {
        const { iterations, duration } = effect?.getComputedTiming() ?? {};
        return playState === 'running' && (iterations === Infinity || Number(duration) > 1) ? [String(duration)] : [];
      }),
    );
    expect(moving).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  });

  it('goes on by keyboard', async () => {
    await tabTo(page.getByRole('button', { name: 'Resume', exact: true }));
    await page.keyboard.press('Enter');
    await untilRunIs(page, 'Running');
    expect(await focusIsSomewhere()).toBe(true);
  });
});

describe('the same run with a node that falls silent', () => {
  it('shows its lane as lost, the sendings that failed, and that the tasks are re-sent', async () => {
    const agent = listStartedBy(window.program.pid, window.dataDir).find(({ command }) => command.includes('agent.mjs'));
    // One that hangs: one that dies is started again by its node.
    process.kill(agent!.pid, 'SIGSTOP');
    await page.getByRole('alert').getByText('Its tasks are re-sent to other nodes').waitFor();
    await grid()
      .getByRole('row')
      .filter({ hasText: /lost \d/ })
      .first()
      .waitFor();
    const causes = page.getByRole('list', { name: 'Causes' });
    await causes
      .getByText(/did not answer|does not answer|lost/)
      .first()
      .waitFor();
    await eventually(async () => {
      const labels = await grid()
        .getByRole('gridcell')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
      expect(labels.some((label) => /failed sendings/.test(label))).toBe(true);
    });
  });

  it('has the focus on its title when the commands of a run in progress go with its end', async () => {
    await tabTo(page.getByRole('button', { name: 'Stop now' }));
    await untilRunIs(page, 'Succeeded');
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await expect.poll(focusIsSomewhere).toBe(true);
  });

  it('starts with the answer, says why it is invalid, and what to do next is in the header', async () => {
    await page
      .getByRole('note', { name: 'Why the run is invalid' })
      .getByText(/node-\d was lost/)
      .waitFor();
    const figures = board('Figures');
    expect(await figures.innerText()).toMatch(/Total generation delay\s+[\d,]+\.\d s/);
    expect(await liesInView(figures)).toBe(true);
    for (const name of ['Run again', 'Add to report', 'Export']) {
      await page.locator('main header').getByRole('button', { name, exact: true }).waitFor();
    }
    await page.locator('main header').getByRole('link', { name: 'Compare', exact: true }).waitFor();
  });

  it('has nothing that axe complains about after its end', async () => {
    await page
      .getByRole('region', { name: 'Audit' })
      .getByText(/contradiction/)
      .waitFor();
    // Without motion: colors on their way from one theme to the other are of neither.
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect.poll(() => findBarriers(page), { timeout: 30_000 }).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  });

  it('waits behind another run of its testbed, and says behind which', async () => {
    await fillNewRun(page, { name: 'First', count: 100 });
    await page.getByRole('button', { name: 'Start run', disabled: false }).click();
    await heading(page, 'First').waitFor();
    await fillNewRun(page, { name: 'Second', count: 1 });
    await page.getByRole('button', { name: 'Start run', disabled: false }).click();
    await page.getByText('Waiting for the testbed: behind').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.locator('main').getByRole('link', { name: 'First' }).click();
    await heading(page, 'First').waitFor();
    await page.getByRole('button', { name: 'Stop now' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop now' }).click();
    await untilRunIs(page, 'Stopped');
  });

  it('goes to the bin and comes back by Ctrl+Z', async () => {
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Runs').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('link', { name: 'First' }).waitFor();
  });

  it('made no error on the console', () => {
    expect(complaints).toEqual([]);
  });
});
