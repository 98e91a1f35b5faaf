// Live telemetry of a virtual node in the window: figures of this machine, marked so, and gone when it is switched off.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { chooseNode, createVirtualTestbed } from '../support/window-steps.js';

let close: () => Promise<void>;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  ({ page, close } = await openWindow());
});

afterAll(() => close());

it('samples the chosen node while it is switched on', async () => {
  await createVirtualTestbed(page, { name: 'Two', nodes: 2, timeScale: 100 });
  await chooseNode(page, 'node-1');
  const panel = page.getByRole('region', { name: 'Live: node-1' });
  await panel.getByText('for as long as this is on').waitFor();

  await panel.getByRole('switch', { name: 'Sample over SSH' }).click();

  await panel.getByText(/CPU \d+\.\d %/).waitFor({ timeout: 60_000 });
  await panel.getByText(/\d+\.\d of \d+\.\d GB/).waitFor();
  await panel.getByText('figures of the machine that it runs on').waitFor();
  await panel.getByRole('figure', { name: 'Memory' }).waitFor();
  expect(await panel.getByText('Reported by /proc').count()).toBe(1);

  await panel.getByRole('switch', { name: 'Sample over SSH' }).click();
  await panel.getByRole('figure', { name: 'Memory' }).waitFor({ state: 'detached' });
});
