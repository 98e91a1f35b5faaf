// Runs, the list of everything that ran: searched, marked, moved to the bin and brought back, by mouse and by keyboard.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/find-barriers.js';
import { openWindow } from '../support/open-window.js';
import { fillHistory } from '../support/filled-history.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

const FORCED = '\u{202e}drow dna <b>markup</b>';
const RUNS = [
  { name: 'Small random', scheduler: 'random', taskCount: 4 },
  { name: 'Large random', scheduler: 'random', taskCount: 8 },
  { name: 'Draft random', scheduler: 'random', taskCount: 8 },
  { name: 'Robin', scheduler: 'round-robin', taskCount: 8 },
  { name: 'Expected', scheduler: 'shortest-expected-completion', taskCount: 8 },
  { name: 'Paused random', scheduler: 'random', taskCount: 8, reason: 'It was paused for 12 s.' },
  { name: FORCED, scheduler: 'local-only', taskCount: 1, isSimulated: false },
] as const;
const QUERY = 'scheduler:random,round-robin n:>=8 -tag:draft';

let page: Page;
let complaints: string[];
let close: (() => Promise<void>) | undefined;

beforeAll(async () => {
  ({ page, complaints, close } = await openWindow((dataDir) => fillHistory(dataDir, RUNS)));
  await page.setViewportSize({ width: 1440, height: 900 });
  await goTo(page, 'Runs');
});

afterAll(() => close?.());

screenshotOnFailure(() => page);

const table = (): Locator => page.getByRole('treegrid', { name: 'Runs' });
const field = (): Locator => page.getByRole('combobox', { name: 'Search everything that ran' });
const row = (name: string): Locator =>
  table()
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name: `Select ${name}`, exact: true }) });
const check = (name: string): Locator => table().getByRole('checkbox', { name: `Select ${name}`, exact: true });

/** Names of the rows, from the top. */
async function names(): Promise<string[]> {
  const labels = await table()
    .getByRole('checkbox', { name: /^Select (?!all$)/ })
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replace('Select ', ''));
}

const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
const isFocusOnPage = (): Promise<boolean> => page.evaluate(() => document.activeElement === document.body);

async function search(query: string): Promise<void> {
  await field().fill(query);
  await page.waitForURL((url) => url.hash.includes('q=') === (query !== ''));
}

/** The button of the toast that says this. */
const undoOf = (message: string): Locator => page.locator('li').filter({ hasText: message }).getByRole('button', { name: 'Undo' });

const shownInAddress = (): string => new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? '').get('q') ?? '';

describe('the search', () => {
  it('shows everything that ran, the newest first', async () => {
    await expect.poll(names).toHaveLength(RUNS.length);
    expect((await names()).slice(1)).toEqual(
      RUNS.map(({ name }) => name as string)
        .reverse()
        .slice(1),
    );
    await page.getByRole('status').getByText('7 records').waitFor();
    expect(await page.locator('main b').count()).toBe(0);
  });

  it('takes a tag by the keyboard and lists exactly what the query says', async () => {
    await row('Draft random').focus();
    await page.keyboard.press('t');
    const dialog = page.getByRole('dialog', { name: 'Tags of Draft random' });
    await dialog.getByLabel('New tag').fill('#Draft');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await row('Draft random').getByText('#draft').waitFor();
    await search(QUERY);
    await expect.poll(names).toEqual(['Paused random', 'Robin', 'Large random']);
    await page.getByRole('status').getByText('3 of 7').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
  });

  it('is in the address: it survives a reload and Back', async () => {
    expect(shownInAddress()).toBe(QUERY);
    await page.reload();
    await expect.poll(names).toEqual(['Paused random', 'Robin', 'Large random']);
    expect(await field().inputValue()).toBe(QUERY);
    await row('Robin').getByRole('link', { name: 'Robin' }).click();
    await heading(page, 'Robin').waitFor();
    await page.goBack();
    await expect.poll(names).toEqual(['Paused random', 'Robin', 'Large random']);
    expect(await field().inputValue()).toBe(QUERY);
  });

  it('marks a mistake at its place and keeps the last result', async () => {
    await field().fill(`${QUERY} n:>=abc`);
    await page.getByText('“>=abc” is not a number.').waitFor();
    expect(await page.getByTestId('mistake').textContent()).toBe('>=abc');
    expect(await field().getAttribute('aria-invalid')).toBe('true');
    expect(await names()).toEqual(['Paused random', 'Robin', 'Large random']);
    expect(await findBarriers(page)).toEqual([]);
  });

  it('completes keys and values', async () => {
    await field().fill('sched');
    await page.getByRole('option', { name: /^scheduler:/ }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => field().inputValue()).toBe('scheduler:');
    await page.keyboard.type('rob');
    await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual([expect.stringMatching(/^round-robin/)]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => field().inputValue()).toBe('scheduler:round-robin ');
    await expect.poll(names).toEqual(['Robin']);
  });

  it('completes what is written now, also where the keys are faster than the answers', async () => {
    await field().fill('s');
    await page.getByRole('option', { name: /^since:/ }).waitFor();
    await page.keyboard.type('ched');
    await page.keyboard.press('Tab');
    await expect.poll(() => field().inputValue()).toBe('scheduler:');
    await page.getByRole('option', { name: /^random/ }).waitFor();
    await page.keyboard.type('rou');
    await page.keyboard.press('Tab');
    await expect.poll(() => field().inputValue()).toBe('scheduler:round-robin ');
    await field().fill('scheduler:round-robin');
    await expect.poll(names).toEqual(['Robin']);
  });

  it('says which term excludes everything', async () => {
    await search('scheduler:random n:>=500');
    await page.getByText('With “n:>=500” nothing is left.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear the search', exact: true }).last().click();
    await expect.poll(names).toHaveLength(RUNS.length);
  });

  it('sorts by a figure, in the address', async () => {
    await table().getByRole('button', { name: '|N|' }).click();
    await expect.poll(async () => (await names())[1]).toBe('Small random');
    expect(page.url()).toContain('sort=count');
    await page.goBack();
    await expect.poll(async () => (await names())[1]).toBe('Paused random');
  });

  it('groups by scheduler, and a group closes by the keyboard', async () => {
    await page.getByRole('combobox', { name: 'Groups' }).click();
    await page.getByRole('option', { name: 'By scheduler' }).click();
    const group = table().getByRole('row', { name: /^Random/ });
    await group.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(names).toHaveLength(3);
    await page.keyboard.press('ArrowRight');
    await expect.poll(names).toHaveLength(RUNS.length);
    await page.getByRole('button', { name: 'All', exact: true }).click();
  });
});

describe('a saved view', () => {
  it('brings back query, order and columns, and can be renamed and removed with Undo', async () => {
    await page.getByRole('button', { name: 'Invalid', exact: true }).click();
    await expect.poll(names).toEqual(['Paused random']);
    await search('scheduler:random');
    await table().getByRole('button', { name: 'Total (s)' }).click();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Testbed' }).click();
    await page.keyboard.press('Escape');
    await table().getByRole('columnheader', { name: 'Testbed' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Random by total');
    await page.keyboard.press('Enter');
    const views = page.getByRole('group', { name: 'Views' });
    await views.getByRole('button', { name: 'All', exact: true }).click();
    await expect.poll(names).toHaveLength(RUNS.length);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Testbed' }).click();
    await page.keyboard.press('Escape');
    await table().getByRole('columnheader', { name: 'Testbed' }).waitFor();
    await views.getByRole('button', { name: 'Random by total', exact: true }).click();
    await expect.poll(names).toEqual(['Small random', 'Large random', 'Draft random', 'Paused random']);
    await table().getByRole('columnheader', { name: 'Testbed' }).waitFor({ state: 'hidden' });
    await views.getByRole('button', { name: 'More for the view Random by total' }).click();
    await page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
    await undoOf('View Random by total removed.').click();
    await views.getByRole('button', { name: 'Random by total', exact: true }).waitFor();
    await views.getByRole('button', { name: 'All', exact: true }).click();
  });
});

describe('what people put on records', () => {
  it('a star, by its button and by the key', async () => {
    await row('Robin').getByRole('button', { name: 'Star Robin' }).click();
    await row('Expected').focus();
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Starred', exact: true }).click();
    await expect.poll(names).toEqual(['Expected', 'Robin']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
  });

  it('a note on the page of the run, in Markdown that runs nothing', async () => {
    await row('Robin').getByRole('link', { name: 'Robin' }).click();
    await page.getByRole('button', { name: 'Write a note' }).click();
    const dialog = page.getByRole('dialog', { name: 'Note on Robin' });
    await dialog.getByRole('textbox', { name: 'Note' }).fill('**cooler** room <img src=x onerror=alert(1)>');
    await dialog.getByRole('group', { name: 'Note as it will look' }).getByText('cooler').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save note' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const marks = page.getByRole('region', { name: 'Tags and note' });
    await marks.locator('strong').getByText('cooler').waitFor();
    expect(await marks.locator('img').count()).toBe(0);
    await page.goBack();
    await search('note:cooler');
    await expect.poll(names).toEqual(['Robin']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
  });
});

describe('the selection', () => {
  it('grows by Shift, takes all results, and leads to the comparison', async () => {
    await row('Paused random').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    const bar = page.getByRole('toolbar', { name: 'Selected records' });
    await bar.getByText('2 selected').waitFor();
    expect(await bar.getByRole('link', { name: 'Compare 2' }).getAttribute('href')).toContain('runs=run-6,run-5');
    await page.keyboard.press('Control+a');
    await bar.getByText('7 selected').waitFor();
    const download = page.waitForEvent('download');
    await bar.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    expect((await download).suggestedFilename()).toBe('runs.csv');
    expect(await findBarriers(page)).toEqual([]);
    await row('Robin').focus();
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'hidden' });
    await expect.poll(isFocusOnPage).toBe(false);
  });

  it('shows details of a row beside the list', async () => {
    await row('Robin').focus();
    await page.keyboard.press('p');
    await page.getByRole('complementary', { name: 'Details' }).getByText('cooler').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'hidden' });
  });
});

describe('the bin', () => {
  it('takes a run from the list, the focus goes to the next row, and Ctrl+Z brings it back with all that is on it', async () => {
    await row('Robin').focus();
    await page.keyboard.press('Delete');
    await expect.poll(names).not.toContain('Robin');
    await expect.poll(focused).toContain('Draft random');
    await page.keyboard.press('Control+z');
    await expect.poll(names).toContain('Robin');
    expect(await row('Robin').getByRole('button', { name: 'Star Robin' }).getAttribute('aria-pressed')).toBe('true');
    await row('Robin').getByRole('img', { name: 'Has a note' }).waitFor();
  });

  it('gives back what is restored there', async () => {
    await check('Expected').check();
    await check('Paused random').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Move to bin' }).click();
    await expect.poll(names).toHaveLength(RUNS.length - 2);
    await expect.poll(isFocusOnPage).toBe(false);
    await page.getByRole('link', { name: 'Bin 2' }).click();
    await heading(page, 'Bin').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('checkbox', { name: 'Select Expected' }).check();
    await page.getByRole('button', { name: 'Restore 1 run' }).click();
    await page.getByRole('checkbox', { name: 'Select Expected' }).waitFor({ state: 'hidden' });
  });

  it('frees the disk when it is emptied, and says how much', async () => {
    const size = page.locator('main header').getByText(/of files/);
    await expect.poll(() => size.textContent()).toMatch(/^\s*1 run, [1-9].* of\s+files/);
    await page.getByRole('button', { name: 'Empty bin' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Empty the bin?' });
    await dialog.getByText('1 run with all that is on record of it').waitFor();
    await dialog.getByRole('button', { name: 'Empty bin' }).click();
    await page.getByText(/^1 item removed for good, [1-9].* freed\.$/).waitFor();
    await page.getByText('The bin is empty').waitFor();
    await expect.poll(isFocusOnPage).toBe(false);
    await expect.poll(() => size.count()).toBe(0);
    await goTo(page, 'Runs');
    await expect.poll(names).not.toContain('Paused random');
  });

  it('is reached from the page of a run, with Undo in the toast', async () => {
    await row('Expected').getByRole('link', { name: 'Expected' }).click();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Runs').waitFor();
    await expect.poll(names).not.toContain('Expected');
    await undoOf('Expected moved to the bin.').click();
    await expect.poll(names).toContain('Expected');
  });
});

describe('a narrow window', () => {
  it('scrolls nothing sideways; what has no room opens with the row', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    for (const header of ['Result', '|N|', 'Total (s)', 'vs bound (%)', 'Started'])
      await table().getByRole('columnheader', { name: header }).waitFor();
    await table().getByRole('columnheader', { name: 'Scheduler' }).waitFor({ state: 'hidden' });
    const overflow = await page.evaluate(() =>
      [document.querySelector('main'), document.querySelector('[role=treegrid]')?.parentElement].map((box) =>
        box ? box.scrollWidth - box.clientWidth : -1,
      ),
    );
    expect(overflow).toEqual([0, 0]);
    await row('Robin').focus();
    await page.keyboard.press('ArrowRight');
    await table().getByText('Scheduler', { exact: true }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'More about Robin' }).click();
    await expect.poll(() => table().getByText('Scheduler', { exact: true }).count()).toBe(0);
  });
});

it('names keys of the list in the help, and nothing complained', async () => {
  await page.keyboard.press('Escape');
  await page.locator('main').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).getByText('Move to bin').waitFor();
  expect(complaints).toEqual([]);
});
