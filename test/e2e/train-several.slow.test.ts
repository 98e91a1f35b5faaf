// Several seeds and methods from one form, looked at together.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWindow } from '../support/open-window.js';
import { fillSmallTraining, goTo, heading } from '../support/window-steps.js';

let page: Page;
let complaints: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  ({ page, complaints, close } = await openWindow());
});
afterAll(() => close());

const chart = () => page.getByRole('figure', { name: 'Ratio to Opt-TS' });
const LAD_TS = 'LAD-TS, reference, B 2, |T| 4, N max 3';

describe('several trainings at once', () => {
  it('are refused at the field for a number of seeds that is none', async () => {
    await fillSmallTraining(page, 3);
    const seeds = page.getByLabel('Seeds', { exact: true });
    await seeds.fill('0');
    await page.getByText('A whole number from 1 to 100').waitFor();
    expect(await page.getByRole('button', { name: 'Start training' }).isDisabled()).toBe(true);
    await seeds.fill('2');
  });

  it('start together and are one line a method with its interval', async () => {
    await page.getByRole('checkbox', { name: 'SAC-TS', exact: true }).check();
    await page.getByRole('button', { name: 'Start 4 trainings' }).click();
    await heading(page, 'Compare curves').waitFor();
    const table = page.getByRole('table', { name: 'Compared trainings' });
    const row = (name: string) => table.getByRole('row').filter({ hasText: name });
    for (const name of [LAD_TS, LAD_TS.replace('LAD', 'SAC')]) {
      await row(name).getByRole('cell', { name: '2', exact: true }).waitFor({ timeout: 120_000 });
      await row(name)
        .getByRole('cell', { name: /^[\d.]+ ± [\d.]+$/ })
        .first()
        .waitFor();
    }
    const header = `${LAD_TS} (2 seeds): half of the 95 % interval`;
    await chart().getByRole('columnheader', { name: header }).waitFor({ state: 'attached' });
  });

  it('are a line each when asked for', async () => {
    await page.getByRole('switch', { name: 'Seeds as one line with its 95 % band' }).click();
    await chart()
      .getByRole('columnheader', { name: `${LAD_TS}, seed 2` })
      .waitFor({ state: 'attached' });
    expect(await chart().getByRole('columnheader').count()).toBe(5);
  });

  it('are paused, resumed and moved to the bin together, and come back, all without a complaint', async () => {
    await fillSmallTraining(page, 100_000);
    await page.getByLabel('Seeds', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Start 2 trainings' }).click();
    await goTo(page, 'Train');
    const states = page.getByRole('table', { name: 'Trainings' });
    const choose = async (command: string) => {
      await page.getByRole('button', { name: 'With selected' }).click();
      await page.getByRole('menuitem', { name: command }).click();
    };
    await page.getByText('6 trainings', { exact: true }).waitFor();
    // With nothing selected there is nothing to open.
    expect(await page.getByRole('button', { name: 'With selected' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    await choose('Pause 2 trainings');
    await states.getByText('Paused', { exact: true }).nth(1).waitFor();
    await choose('Resume 2 trainings');
    await states.getByText('Paused', { exact: true }).first().waitFor({ state: 'detached' });
    await choose('Pause 2 trainings');
    await states.getByText('Paused', { exact: true }).nth(1).waitFor();
    await choose('Move to bin: 6 trainings');
    await page.getByText('No trainings yet').waitFor();
    await page.getByText('6 trainings moved to the bin.').first().waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('6 trainings', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});
