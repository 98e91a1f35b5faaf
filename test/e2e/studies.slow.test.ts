// A figure of the paper as a study in the window: told how long it takes, run small, drawn beside the paper's values, saved, removed.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWindow } from '../support/open-window.js';
import { goTo, heading } from '../support/window-steps.js';

let page: Page;
let complaints: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  ({ page, complaints, close } = await openWindow());
});
afterAll(() => close());

const NAME = 'Fig. 7(a): Quality of the images';
const METHODS = ['DQN-TS', 'SAC-TS', 'D2SAC-TS', 'LAD-TS', 'Opt-TS'];

/** Opens the dialog and leaves only these methods chosen. */
async function openDialog(only: readonly string[]): Promise<Locator> {
  await goTo(page, 'Train');
  await page.getByRole('navigation', { name: 'Train' }).getByRole('link', { name: 'Studies' }).click();
  await page.getByRole('button', { name: `Start ${NAME}` }).click();
  const dialog = page.getByRole('dialog', { name: `Start ${NAME}` });
  for (const method of METHODS.filter((each) => !only.includes(each))) {
    await dialog.getByRole('checkbox', { name: method, exact: true }).uncheck();
  }
  return dialog;
}

async function untilRunIs(state: string): Promise<void> {
  await page.locator('main header').getByText(state, { exact: true }).waitFor({ timeout: 120_000 });
}

describe('a study in the window', () => {
  it('is told in cells and time before it starts, and refused at the field', async () => {
    const dialog = await openDialog(METHODS);
    await dialog.getByText(/^60 cells, about /).waitFor();
    await dialog.getByText('Estimated from another machine', { exact: false }).waitFor();
    await dialog.getByLabel('Seeds', { exact: true }).fill('0');
    await dialog.getByText('A study has at least one seed').waitFor();
    expect(await dialog.getByRole('button', { name: 'Start study' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('runs to its figure, with intervals and the paper’s values', async () => {
    const dialog = await openDialog(['DQN-TS']);
    await dialog.getByLabel('Seeds', { exact: true }).fill('2');
    await dialog.getByLabel('Episodes').fill('1');
    await dialog.getByText(/^8 cells, about /).waitFor();
    await dialog.getByRole('button', { name: 'Start study' }).click();
    await heading(page, NAME).waitFor();
    await untilRunIs('Succeeded');
    await page.getByText('Cells done: 8 of 8').waitFor();
    const figure = page.getByRole('figure', { name: 'Mean service delay' });
    await figure.getByRole('columnheader', { name: 'DQN-TS: half of the 95 % interval' }).waitFor({ state: 'attached' });
    await figure.getByRole('columnheader', { name: 'DQN-TS, the paper’s: source' }).waitFor({ state: 'attached' });
    await page.getByText('npm run cli -- study run fig-7a --seeds 2 --methods dqn-ts --episodes 1').waitFor();
  });

  it('has its figures in a table, and another measure by one click', async () => {
    const table = page.getByRole('table', { name: /^Mean service delay by/ });
    await table.getByRole('cell', { name: '23.11', exact: true }).waitFor();
    await table
      .getByRole('cell', { name: /^\d+\.\d\d ± \d+\.\d\d$/ })
      .nth(3)
      .waitFor();
    await page.getByRole('radio', { name: 'Ratio to Opt-TS' }).click();
    await page.getByRole('table', { name: /^Ratio to Opt-TS by/ }).waitFor();
  });

  it('gives every cell as CSV', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Cells as CSV' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^fig-7a-.*-cells\.csv$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(9);
    expect(lines[1]).toMatch(/^fig-7a,5,dqn-ts,1,[\d.]+,/);
  });

  it('is paused, resumed and removed with its counts, all without a complaint', async () => {
    const dialog = await openDialog(['DQN-TS']);
    await dialog.getByLabel('Episodes').fill('10000');
    await dialog.getByText(/on this machine/).waitFor();
    await dialog.getByRole('button', { name: 'Start study' }).click();
    await heading(page, NAME).waitFor();
    await untilRunIs('Running');
    await page.getByText('No cell yet').waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs('Paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await untilRunIs('Running');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs('Paused');
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Studies').waitFor();
    // Strict: more than one would be refused.
    await page.getByRole('table', { name: 'Study runs' }).getByRole('link').waitFor();
    expect(complaints).toEqual([]);
  });
});
