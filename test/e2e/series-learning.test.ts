// A series that measures learning on the job, in the window: how it is asked for, and what is shown of it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createVirtualTestbedInput } from '../../src/shared/api/inputs.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { buildLearningSeries } from '../support/learning-series.js';
import { openWindowOver, type WindowOver } from '../support/open-window-over.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { buildTraining } from '../unit/renderer/train/training-fixture.js';

let window: WindowOver;
let testbedId: string;
screenshotOnFailure(() => window.page);

beforeAll(async () => {
  window = await openWindowOver({});
  ({ id: testbedId } = await window.services.testbeds.createVirtual(createVirtualTestbedInput.parse({ name: 'Lab', nodeCount: 3 })));
});
afterAll(() => window.close());

it('is asked for by one choice below a learned policy, and says what it means', async () => {
  const { page, services } = window;
  const usual = buildTraining();
  const twin = {
    ...{ testbedId, testbedName: 'Lab', environment: 'testbed' as const, qualitySteps: { min: 10, max: 19 }, load: 0.85 },
    ...{ nodeNames: ['node-1', 'node-2', 'node-3'], work: { fixedGigacycles: 4, gigacyclesPerStep: 1 }, meanQualitySteps: 14.5 },
  };
  const spec = { ...usual.spec, twin, settings: { ...usual.spec.settings, network: 'shared' } };
  services.trainings.list = () => [buildTraining({ id: 'training-1', spec, state: 'succeeded', checkpointEpisodes: 5 })];
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/#/runs/new?as=series&testbedId=${testbedId}&count=100&schedulers=learned:training-1,random`);
  const choice = page.getByRole('radiogroup', { name: 'Learning on the job' });
  await choice.waitFor();
  expect(await choice.getByRole('radio', { name: 'Off' }).isChecked()).toBe(true);
  await choice.getByRole('radio', { name: 'Is what this series measures' }).click();
  const policy = page.getByRole('checkbox', { name: /5 episodes$/ });
  await policy.click();
  await choice.waitFor({ state: 'detached' });
  await policy.click();
  expect(await choice.getByRole('radio', { name: 'Is what this series measures' }).isChecked()).toBe(true);
  expect(await complaintsOfAxe(page)).toEqual([]);
});

it('shows run by run which version decided and what was learned after it, and no interval', async () => {
  const { page, services } = window;
  const { series, result } = buildLearningSeries(testbedId);
  services.series.get = () => series;
  services.series.watch = async function* () {
    yield series;
  };
  services.series.result = () => result;
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/#/series/series-1`);
  const rows = page.getByRole('table', { name: 'Runs of a policy that learns' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(3);
  expect(await rows.nth(1).textContent()).toContain(
    'from 200 decisions of 1 run, deployed as training-2. Not worse: mean delay on held-back work -0.10 %',
  );
  expect(await rows.nth(2).getByRole('link', { name: 'training-2' }).getAttribute('href')).toContain('/train/training-2');
  expect(await rows.nth(2).textContent()).toContain('nothing');
  await page.getByText('Learned policy (training-1, learns on the job)').first().waitFor();
  const figures = page.getByRole('row', { name: /^Learned policy \(training-1, learns on the job\) simulated 2 220\.0/ });
  expect(await figures.textContent()).not.toContain('±');
  expect(await complaintsOfAxe(page)).toEqual([]);
});
