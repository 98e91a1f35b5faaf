// A time scale that this machine can't keep: told before the start, while the run can still be stopped, and afterwards.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAs } from '../support/downloads.js';
import { openWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { fillNewRun, goTo, heading, prepareRuns, untilRunIs } from '../support/window-steps.js';

let close: () => Promise<void>;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  ({ page, close } = await openWindow());
  await prepareRuns(page, { name: 'Lab', nodes: 5, timeScale: 1000 });
});

afterAll(() => close());

describe('a run at a time scale that this machine can not keep', () => {
  it('is refused, with the time scale it keeps, until that is allowed', async () => {
    await fillNewRun(page, { name: 'Too fast', count: 100 });
    // Images of one step: no machine makes a thousand of them in a second.
    await page.getByLabel('Min steps').fill('1');
    await page.getByLabel('Max steps').fill('1');
    const note = page.getByRole('note', { name: 'Too fast for this machine' });
    await note.getByText(/This machine can't keep time scale ×1,000 for this batch/).waitFor();
    const start = page.getByRole('button', { name: 'Start run' });
    expect(await start.isDisabled()).toBe(true);
    await note.getByLabel('Start it all the same; it will be invalid').check();
    await start.click();
    await heading(page, 'Too fast').waitFor();
  });

  it('ends invalid, with the share of control as the reason and in the figures', async () => {
    await untilRunIs(page, 'Succeeded');
    await untilRunIs(page, 'Invalid');
    const reasons = page.getByRole('note', { name: 'Why the run is invalid' });
    await reasons.getByText(/Control is [\d.]+ % of the mean service delay \(limit 5\.0 %\).*time scale ×1,000/).waitFor();
    expect(await page.getByRole('region', { name: 'Figures' }).innerText()).toMatch(/Control\s+\d+\.\d+ ?%/);
  });

  it('is marked as invalid beside its figures on the overview', async () => {
    const address = page.url();
    await goTo(page, 'Overview');
    const row = page.getByRole('table', { name: 'Latest results' }).getByRole('row', { name: /Too fast/ });
    await row.getByText(/^Invalid \d$/).waitFor();
    await page.goto(address);
    await heading(page, 'Too fast').waitFor();
  });

  it('has figures that are those of its rows', async () => {
    await page.getByRole('region', { name: 'Audit' }).getByText('No contradiction').waitFor();
  });

  it('says so in its report, and is in no comparison', async () => {
    const { text } = await exportAs(page, 'HTML report');
    expect(text).toContain('INVALID');
    expect(text).toMatch(/Control is [\d.]+ % of the mean service delay/);
    await goTo(page, 'Table V');
    await page.getByText('1 finished run is left out for being invalid').first().waitFor();
  });
});
