// A small training in the window: started, followed to its end, compared, removed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram } from '../support/program.js';
import type { RunningProgram } from '../support/program.js';
import { goTo, heading } from '../support/window-steps.js';

let dataDir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'train-window-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Fills the form with an environment in which an episode takes a moment. */
async function fillSmallTraining(episodes: number): Promise<void> {
  await goTo(page, 'Train');
  await page.getByRole('link', { name: 'New training' }).first().click();
  const form = page.getByRole('form', { name: 'New training' });
  const values = {
    Episodes: episodes,
    'Base stations': 2,
    'Slots of an episode': 4,
    'Most tasks a slot': 3,
    'Hidden neurons': 4,
    'Batch size': 2,
    'Learning starts': 2,
  };
  for (const [label, value] of Object.entries(values)) await form.getByLabel(new RegExp(`^${label}`)).fill(String(value));
}

const NAME = 'LAD-TS, reference, B 2, |T| 4, N max 3, seed 1';

async function untilTrainingIs(state: string): Promise<void> {
  await page.locator('main header').getByText(state, { exact: true }).waitFor({ timeout: 60_000 });
}

describe('the Train window', () => {
  it('tells at the field what the trainer refuses', async () => {
    await fillSmallTraining(3);
    const field = page.getByLabel(/^Learning starts/);
    await field.fill('5000');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Must be below replayCapacity (1000): learning would never start.', { exact: true }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
  });

  it('follows a training to its end, with its curve as a chart and as CSV', async () => {
    await fillSmallTraining(3);
    await page.getByRole('button', { name: 'Start training' }).click();
    await heading(page, NAME).waitFor();
    await untilTrainingIs('Succeeded');
    const chart = page.getByRole('figure', { name: 'Delay' });
    await chart.getByRole('cell', { name: '3', exact: true }).waitFor({ state: 'attached' });
    const [download] = await Promise.all([page.waitForEvent('download'), chart.getByRole('button', { name: 'Data as CSV' }).click()]);
    expect(download.suggestedFilename()).toMatch(/-delay\.csv$/);
    await page.getByRole('tab', { name: 'Temperature' }).click();
    await page.getByRole('figure', { name: 'Temperature' }).waitFor();
    await page.getByText('npm run cli -- train --method lad-ts --preset reference --episodes 3 --seed 1').waitFor();
  });

  it('pauses a training, goes on with it and cancels it', async () => {
    await fillSmallTraining(100_000);
    await page.getByRole('button', { name: 'Start training' }).click();
    await untilTrainingIs('Running');
    await page.getByRole('button', { name: 'Pause' }).click();
    await untilTrainingIs('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await untilTrainingIs('Running');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel training' }).click();
    await untilTrainingIs('Cancelled');
  });

  it('compares the curves of chosen trainings', async () => {
    await goTo(page, 'Train');
    const boxes = page.getByRole('table', { name: 'Trainings' }).getByRole('checkbox');
    for (const box of await boxes.all()) await box.check();
    await page.getByRole('link', { name: 'Compare 2 curves' }).click();
    const chart = page.getByRole('figure', { name: 'Ratio to Opt-TS' });
    await chart.waitFor();
    expect(await chart.getByRole('columnheader').count()).toBe(3);
  });

  it('removes a training and is empty in the end, all without a complaint', async () => {
    await goTo(page, 'Train');
    for (const count of [2, 1]) {
      await page.getByText(count === 1 ? '1 training' : `${count} trainings`, { exact: true }).waitFor();
      await page
        .getByRole('button', { name: /^Remove LAD-TS/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Remove training' }).click();
    }
    await page.getByText('No trainings yet').waitFor();
    expect(complaints).toEqual([]);
  });
});
