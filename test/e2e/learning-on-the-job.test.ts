// The switch of learning on the job and what became of its attempts, in the window.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createVirtualTestbedInput } from '../../src/shared/api/inputs.js';
import type { OnTheJobStatus } from '../../src/shared/on-the-job.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindowOver, type WindowOver } from '../support/open-window-over.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';

let window: WindowOver;
let testbedId: string;
screenshotOnFailure(() => window.page);

beforeAll(async () => {
  window = await openWindowOver({});
  ({ id: testbedId } = await window.services.testbeds.createVirtual(createVirtualTestbedInput.parse({ name: 'Lab', nodeCount: 3 })));
});
afterAll(() => window.close());

async function open(): Promise<void> {
  const { origin } = new URL(window.page.url());
  await window.page.goto(`${origin}/#/testbeds/${testbedId}?tab=learning`);
  await window.page.getByRole('switch', { name: 'Learn from this testbed’s runs' }).waitFor();
}

it('is off at first, says what it would do, and stays as it was switched', async () => {
  await open();
  const { page } = window;
  const learning = page.getByRole('switch', { name: 'Learn from this testbed’s runs' });
  expect(await learning.getAttribute('aria-checked')).toBe('false');
  await page.getByText('Nothing learned yet').waitFor();
  expect(await page.getByRole('button', { name: 'Learn now' }).isDisabled()).toBe(true);
  await learning.click();
  await expect.poll(() => window.services.onTheJob.status(testbedId).isOn).toBe(true);
  await page.reload();
  await expect.poll(() => learning.getAttribute('aria-checked')).toBe('true');
  expect(await complaintsOfAxe(page)).toEqual([]);
  await learning.click();
  await expect.poll(() => window.services.onTheJob.status(testbedId).isOn).toBe(false);
});

it('lists the last attempts with their verdicts in numbers', async () => {
  const comparison = {
    ...{ loss: { mean: 0.001, halfWidth95: 0.002 }, episodes: 12, decisions: 480, decisionMs: 0.1 },
    ...{ regretBefore: 0.05, regretAfter: 0.05, regretDifference: { mean: 0, halfWidth95: 0.001 }, failure: null },
  };
  const attempt = {
    testbedId,
    fromTrainingId: 'training-1',
    afterRunId: null,
    startedAtMs: 1_790_000_000_000,
    decisions: 480,
    runs: 2,
    comparison,
  };
  const status: OnTheJobStatus = {
    ...{ testbedId, isOn: true, decisions: 480, runs: 2, trainingId: 'training-3' },
    obstacle: 'Series “Table V” is in progress, and measures what it names.',
    attempts: [
      { ...attempt, trainingId: 'training-3', state: 'deployed', reasons: [] },
      { ...attempt, trainingId: 'training-2', state: 'not-deployed', reasons: ['On held-back work its mean delay may be 0.90 % longer.'] },
    ],
  };
  window.services.onTheJob.status = () => status;
  await open();
  const { page } = window;
  const rows = page.getByRole('table', { name: 'What became of each attempt' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(3);
  expect(await rows.nth(1).textContent()).toContain('Deployed');
  expect(await rows.nth(1).textContent()).toContain('mean delay on held-back work +0.10 % ± 0.20 %');
  expect(await rows.nth(2).textContent()).toContain('may be 0.90 % longer');
  await page.getByText('Series “Table V” is in progress, and measures what it names. Nothing is kept or learned now.').waitFor();
  expect(await page.getByRole('button', { name: 'Learn now' }).isDisabled()).toBe(true);
  expect(await complaintsOfAxe(page)).toEqual([]);
});
