// The way of someone who has just started the program for the first time: to a finished run of 100 prompts on virtual nodes, by what the window
// offers on the way and nothing else. Counts the clicks; how long it takes is the machine's.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { heading, untilReady, untilRunIs } from '../support/window-steps.js';

const MAX_CLICKS = 12;

let opened: OpenWindow;
let clicks = 0;

beforeAll(async () => {
  opened = await openWindow();
  await heading(opened.page, 'Overview').waitFor();
});
afterAll(() => opened?.close());
screenshotOnFailure(() => opened.page);

async function click(target: Locator): Promise<void> {
  await target.click();
  clicks += 1;
}

it(`leads from the first start to a finished run of 100 in at most ${MAX_CLICKS} clicks, without a key`, async () => {
  const { page } = opened;
  const tour = page.getByRole('complementary', { name: 'Tour' });
  await click(page.getByRole('button', { name: 'Take the tour' }));
  await click(page.getByRole('button', { name: 'New virtual testbed' }).first());
  await click(page.getByRole('dialog', { name: 'New virtual testbed' }).getByRole('button', { name: 'Create testbed' }));
  await click(page.getByRole('button', { name: 'Provision', exact: true }).first());
  await untilReady(page);
  await tour.getByText(/The testbed is ready/).waitFor();
  await click(tour.getByRole('button', { name: 'Next', exact: true }));
  await heading(page, 'New run').waitFor();
  await click(page.getByRole('button', { name: 'Import the sample prompts' }));
  await click(page.getByRole('button', { name: 'Start run', disabled: false }));
  await untilRunIs(page, 'Succeeded');
  expect(clicks).toBeLessThanOrEqual(MAX_CLICKS);
  expect(opened.complaints).toEqual([]);
});
