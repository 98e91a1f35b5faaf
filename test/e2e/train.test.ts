// A small training in the window: started, followed to its end, compared, removed.
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

const BASE_STATIONS = 2;
const NAME = 'LAD-TS, reference, B 2, |T| 4, N max 3, seed 1';

async function untilTrainingIs(state: string): Promise<void> {
  await page.locator('main header').getByText(state, { exact: true }).waitFor({ timeout: 60_000 });
}

describe('the Train window', () => {
  it('tells at the field what the trainer refuses', async () => {
    await fillSmallTraining(page, 3);
    const field = page.getByLabel(/^Learning starts/);
    await field.fill('5000');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Must be below replayCapacity (1000): learning would never start.', { exact: true }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
  });

  it('follows a training to its end, with its curve as a chart and as CSV', async () => {
    await fillSmallTraining(page, 3);
    await page.getByRole('button', { name: 'Start training' }).click();
    await heading(page, NAME).waitFor();
    await untilTrainingIs('Succeeded');
    const chart = page.getByRole('figure', { name: 'Delay', exact: true });
    await chart.getByRole('cell', { name: '3', exact: true }).waitFor({ state: 'attached' });
    const [download] = await Promise.all([page.waitForEvent('download'), chart.getByRole('button', { name: 'Data as CSV' }).click()]);
    expect(download.suggestedFilename()).toMatch(/-delay\.csv$/);
    await page.getByRole('tab', { name: 'Temperature' }).click();
    await page.getByRole('figure', { name: 'Temperature' }).waitFor();
    await page.getByRole('tab', { name: 'Ratio to Opt-TS' }).click();
    const ratios = page.getByRole('figure', { name: 'Ratio to Opt-TS' });
    await ratios.getByRole('columnheader', { name: 'Limit, mean: no policy gets below' }).waitFor({ state: 'attached' });
    await page.getByText('npm run cli -- train --method lad-ts --preset reference --episodes 3 --seed 1').waitFor();
  });

  it('shows what the policy does on arrivals that it never learned from', async () => {
    const shares = page.getByRole('figure', { name: 'Share of each edge server, from slow to fast' });
    await shares.waitFor({ timeout: 60_000 });
    expect(await shares.getByRole('row').count()).toBe(1 + BASE_STATIONS);
    const sizes = page.getByRole('table', { name: 'Delay by size of the task' });
    expect(await sizes.getByRole('row').count()).toBeGreaterThan(1);
    await page.getByText(/After 3 episodes of learning, on 5 episodes of arrivals/).waitFor();
  });

  it('evaluates the policy on more of them from the head of the page', async () => {
    await page.locator('main header').getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText(/After 3 episodes of learning, on 20 episodes of arrivals/).waitFor({ timeout: 60_000 });
    const group = page.getByRole('group', { name: 'Evaluation of the policy' });
    expect(await group.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('pauses a training, continues with it and cancels it', async () => {
    await fillSmallTraining(page, 100_000);
    await page.getByRole('button', { name: 'Start training' }).click();
    await untilTrainingIs('Running');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilTrainingIs('Paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await untilTrainingIs('Running');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel training' }).click();
    await untilTrainingIs('Canceled');
  });

  it('compares the curves of chosen trainings', async () => {
    await goTo(page, 'Train');
    const boxes = page.getByRole('table', { name: 'Trainings' }).getByRole('checkbox');
    await expect.poll(() => boxes.count()).toBe(2);
    for (const box of await boxes.all()) await box.check();
    await page.getByRole('link', { name: 'Compare 2 curves' }).click();
    const chart = page.getByRole('figure', { name: 'Ratio to Opt-TS' });
    await chart.waitFor();
    expect(await chart.getByRole('columnheader').count()).toBe(3);
  });

  it('moves trainings to the bin and is empty in the end, all without a complaint', async () => {
    await goTo(page, 'Train');
    for (const count of [2, 1]) {
      await page.getByText(count === 1 ? '1 training' : `${count} trainings`, { exact: true }).waitFor();
      await page
        .getByRole('button', { name: /^Move LAD-TS.* to the bin$/ })
        .first()
        .click();
    }
    await page.getByText('No trainings yet').waitFor();
    expect(complaints).toEqual([]);
  });
});
