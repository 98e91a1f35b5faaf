// What the head of a real testbed offers besides provisioning: measuring its nodes and sending a model to them. The nodes are on record and out of
// reach, so that what fails says so.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStorage } from '../../src/main/adapters/storage/open-storage.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { paletteOf } from '../support/palette-steps.js';
import { buildModel, buildOrin, ORIN_FACTS } from '../support/path-fixtures.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { buildTestbed } from '../support/storage-fixtures.js';
import { goTo, heading } from '../support/window-steps.js';

let window: OpenWindow;
screenshotOnFailure(() => window.page);

beforeAll(async () => {
  window = await openWindow((dataDir) => {
    const storage = openStorage({ dataDir, nowMs: Date.now });
    const nodes = ['orin-1', 'orin-2'].map((name, ordinal) =>
      buildOrin(name, {
        ordinal,
        host: '127.0.0.1',
        port: 1,
        agentPort: 1,
        provisionState: 'ready',
        facts: { ...ORIN_FACTS, hostname: name },
      }),
    );
    storage.testbeds.insertTestbed(buildTestbed({ name: 'Rack A', kind: 'real', timeScale: 1, nodes }));
    const path = join(dataDir, 'resd3-m.safetensors');
    writeFileSync(path, '');
    truncateSync(path, 5.98e9);
    const files = [{ path: 'resd3-m.safetensors', sizeBytes: 5.98e9, sha256: 'b'.repeat(64) }];
    const {
      isPresent: _isPresent,
      lastRead: _lastRead,
      ...model
    } = buildModel({ id: 'model-1', name: 'resd3-m', path, files, sizeBytes: 5.98e9 });
    storage.models.save(model);
    storage.close();
  });
  await window.page.setViewportSize({ width: 1440, height: 900 });
});
afterAll(() => window.close());

beforeEach(async () => {
  await goTo(window.page, 'Testbeds');
  await window.page.getByRole('link', { name: 'Rack A' }).first().click();
  await heading(window.page, 'Rack A').waitFor();
});

const { palette, field } = paletteOf(() => window.page);

it('Calibrate, by its button and by its keys, opens what is known of the times, and says why a node is not measured', async () => {
  const { page } = window;
  await page.getByRole('button', { name: 'Calibrate' }).click();
  const panel = page.getByRole('region', { name: 'Calibration' });
  await panel.getByText('not measured').first().waitFor();
  await panel.getByLabel('Images at each of two step counts').fill('1');
  await panel.getByRole('button', { name: 'Measure', exact: true }).click();
  await panel.getByRole('alert').first().waitFor();
  expect(await panel.getByRole('alert').first().innerText()).toMatch(/orin-\d/);
  await page.getByRole('tab', { name: 'Nodes' }).click();
  await page.locator('body').press('a');
  await page.keyboard.press('k');
  await panel.waitFor();
});

it('Push model opens a menu of the models on record, and the dialog of the one that is chosen over the nodes of this testbed', async () => {
  const { page } = window;
  await page.getByRole('button', { name: 'Push model' }).click();
  const item = page.getByRole('menu').getByRole('menuitem', { name: /^resd3-m/ });
  expect(await item.innerText()).toContain('5.98 GB');
  await item.click();
  const dialog = page.getByRole('dialog', { name: 'Push to nodes' });
  for (const name of ['orin-1', 'orin-2']) await dialog.getByRole('checkbox', { name: new RegExp(`^${name} `) }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

it('each model of that menu is in the palette', async () => {
  const { page } = window;
  await page.keyboard.press('Control+K');
  await field().fill('>push model resd3');
  await palette()
    .getByRole('option', { name: /Push model: resd3-m/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Push to nodes' }).waitFor();
  await page.keyboard.press('Escape');
});
