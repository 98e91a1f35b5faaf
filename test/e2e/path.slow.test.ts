// The way to Table V on the Overview: whole until the first run has ended, a line afterwards, which goes and comes back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { runCliJson } from '../support/cli.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { eventually } from '../support/until.js';
import { createVirtualTestbed, goTo, heading, importSample, provision, untilReady, untilRunIs } from '../support/window-steps.js';
import type { LabPath } from '../../src/shared/lab-path.js';

let dataDir: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'path-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const checklist = (): Locator => page.getByRole('region', { name: 'From unboxed nodes to Table V' });
const setupLine = (): Locator => page.getByRole('region', { name: 'Setup', exact: true });
const nextStep = (): Locator => checklist().locator('[aria-current="step"]');

/** What the terminal says of the same folder, through the open window. */
async function pathInTerminal(): Promise<LabPath> {
  return (await runCliJson(['path', '--data', dataDir])).document as LabPath;
}

describe('the way to Table V', () => {
  it('starts with a testbed, and says the command beside the button', async () => {
    await heading(page, 'Overview').waitFor();
    await nextStep().getByText('npm run cli -- testbed create-virtual --nodes 5 --name Lab').waitFor();
    await nextStep().getByRole('link', { name: 'Set up a testbed' }).click();
    await heading(page, 'Testbeds').waitFor();
    expect((await pathInTerminal()).next).toBe('testbed');
  });

  it('leads from step to step, without the steps of real hardware', async () => {
    await createVirtualTestbed(page, { name: 'Lab', nodes: 2, timeScale: 100 });
    await goTo(page, 'Overview');
    await checklist().getByText('Not needed, since the nodes are simulated: preflight check, power mode').waitFor();
    await nextStep().getByRole('link', { name: 'Import prompts' }).click();
    await importSample(page);
    await goTo(page, 'Overview');
    await nextStep().getByRole('link', { name: 'Provision' }).click();
    await provision(page);
    await untilReady(page);
    await goTo(page, 'Overview');
    await nextStep().getByRole('link', { name: 'New run' }).waitFor();
    expect(await nextStep().innerText()).toContain('First run');
    const { next, testbed, steps } = await pathInTerminal();
    expect([next, testbed]).toMatchObject(['first-run', { name: 'Lab', isSimulated: true }]);
    expect(steps.find(({ name }) => name === 'provisioned')?.asOfMs).toBeGreaterThan(0);
  });

  it('folds to one line when the first run has ended', async () => {
    await nextStep().getByRole('link', { name: 'New run' }).click();
    const form = page.getByRole('form', { name: 'New run' });
    expect(await form.getByRole('radio', { name: '1', exact: true }).getAttribute('aria-checked')).toBe('true');
    await page.getByRole('button', { name: 'Start run' }).click();
    await untilRunIs(page, 'Succeeded');
    await goTo(page, 'Overview');
    await setupLine().getByText('Setup complete').waitFor();
    await page.getByRole('table', { name: 'Latest results' }).waitFor();
    expect(await checklist().count()).toBe(0);
  });

  it('opens and folds again', async () => {
    await setupLine().getByRole('button', { name: 'Show all steps' }).click();
    await checklist().getByText('First run').waitFor();
    await checklist().getByRole('button', { name: 'Fold' }).click();
    await setupLine().waitFor();
  });

  it('goes when it is closed, also from the next page load, and comes back by Help', async () => {
    await setupLine()
      .getByRole('button', { name: /^Close/ })
      .click();
    await setupLine().waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByRole('table', { name: 'Latest results' }).waitFor();
    await eventually(async () => expect(await page.getByText('Setup complete').count()).toBe(0));
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).getByRole('button', { name: 'Show the steps' }).click();
    await checklist().waitFor();
    await checklist().getByRole('button', { name: 'Fold' }).click();
    await setupLine().waitFor();
  });

  it('begins again for a testbed that is new', async () => {
    await createVirtualTestbed(page, { name: 'Second', nodes: 1, timeScale: 100 });
    await goTo(page, 'Overview');
    await checklist().getByRole('combobox', { name: 'Testbed' }).getByText('Second').waitFor();
    await checklist().getByRole('combobox', { name: 'Testbed' }).click();
    await page.getByRole('option', { name: 'Lab' }).click();
    await setupLine().waitFor();
    expect(complaints).toEqual([]);
  });
});
