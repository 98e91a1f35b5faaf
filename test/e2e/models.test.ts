// The model store in the window: a file is recognized, refined, put on record, taken off again. The file only looks like SD3 medium: its
// bytes are random.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { allInOneTensors, buildSafetensors } from '../support/model-files.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { startProgram } from '../support/program.js';
import type { RunningProgram } from '../support/program.js';
import { createVirtualTestbed, goTo, heading } from '../support/window-steps.js';

let folder: string;
let modelPath: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'models-window-'));
  modelPath = join(folder, 'sd3.safetensors');
  writeFileSync(modelPath, buildSafetensors(allInOneTensors()));
  [program, browser] = await Promise.all([startProgram(join(folder, 'data')), launchBrowser()]);
  ({ page, complaints } = await openPage(browser, program.url));
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

screenshotOnFailure(() => page);

async function add(path: string): Promise<void> {
  await goTo(page, 'Models');
  await page.getByRole('button', { name: 'Add a model' }).first().click();
  await page.getByLabel('Path on this machine').fill(path);
  await page.getByRole('checkbox', { name: /^I accept/ }).check();
  await page.getByRole('button', { name: 'Add model' }).click();
}

const work = () => page.getByRole('region', { name: 'Work on models' });

describe('the Models window', () => {
  it('says what it is for while nothing is on record', async () => {
    await goTo(page, 'Models');
    await page.getByText('No model yet').waitFor();
  });

  it('recognizes a model by its content and shows its parts', async () => {
    await add(modelPath);
    await page.getByRole('link', { name: 'sd3', exact: true }).click();
    await heading(page, 'sd3').waitFor();
    const parts = page.getByRole('table', { name: 'Parts' });
    await parts.getByRole('cell', { name: 'T5-XXL' }).waitFor();
    await page.getByRole('table', { name: 'Files' }).getByRole('cell', { name: 'sd3.safetensors' }).waitFor();
  });

  it('refines it beside the original and tells what was saved', async () => {
    await page.getByRole('button', { name: 'Refine to reSD3-m' }).click();
    await page.getByRole('button', { name: 'Refine', exact: true }).click();
    await work().getByText('Saved').waitFor();
    const refinedPath = join(folder, 'sd3-resd3m.safetensors');
    await work().getByText(refinedPath).waitFor();
    expect(statSync(refinedPath).size).toBeLessThan(statSync(modelPath).size);
  });

  it('puts the refined model on record', async () => {
    await page.getByRole('row', { name: /sd3-resd3m (reSD3-m|SD3 of other sizes without T5-XXL)/ }).waitFor();
  });

  it('tells why a file is no model, and leaves the store as it was', async () => {
    const path = join(folder, 'weights.safetensors');
    writeFileSync(path, 'not a model');
    await add(path);
    await work().getByRole('alert').waitFor();
    expect(await page.getByRole('table', { name: 'Models' }).getByRole('row').count()).toBe(3);
  });

  it('pushes it to the nodes of a testbed, and finds it there the second time', async () => {
    await createVirtualTestbed(page, { name: 'Lab', nodes: 2, timeScale: 100 });
    await goTo(page, 'Models');
    await page.getByRole('link', { name: 'sd3-resd3m', exact: true }).click();
    const push = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Push to nodes' }).click();
      await page.getByRole('button', { name: 'Push to 2 nodes' }).click();
    };
    await push();
    const panel = page.getByRole('region', { name: 'Push to nodes' });
    await panel.getByText('Succeeded').waitFor({ timeout: 60_000 });
    await push();
    await expect.poll(() => panel.getByText('It was there already; some blocks were compared.').count(), { timeout: 60_000 }).toBe(2);
    await goTo(page, 'Models');
  }, 120_000);

  it('moves a model to the bin, brings it back, and leaves its file', async () => {
    const link = page.getByRole('link', { name: 'sd3', exact: true });
    await page.getByRole('button', { name: 'Move sd3 to the bin', exact: true }).click();
    await link.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await link.waitFor();
    expect(existsSync(modelPath)).toBe(true);
  });

  it('made no complaint in the browser', () => {
    expect(complaints).toEqual([]);
  });
});
