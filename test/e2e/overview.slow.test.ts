// The Overview and the topology as someone meets them: nothing there, a lab at rest, a run in progress, and something that needs a person.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { eventually } from '../support/until.js';
import {
  createRealTestbed,
  createVirtualTestbed,
  goTo,
  heading,
  importSample,
  provision,
  startRun,
  untilReady,
} from '../support/window-steps.js';

let close: () => Promise<void>;
let page: Page;
let complaints: string[];
screenshotOnFailure(() => page);

/** Of real time about five minutes on two nodes: it is in progress for as long as it is looked at. */
const TASKS = 200;
const LONG_MS = 120_000;

beforeAll(async () => {
  ({ page, close, complaints } = await openWindow());
});
afterAll(() => close());

const panel = (name: string | RegExp): Locator => page.getByRole('region', { name });

async function overflowOf(): Promise<number> {
  return page.locator('#view').evaluate((view) => view.scrollWidth - view.clientWidth);
}

describe('the Overview', () => {
  it('is the way to Table V before there is a testbed', async () => {
    await heading(page, 'Overview').waitFor();
    await panel('From unboxed nodes to Table V').waitFor();
    expect(await panel('Needs attention').count()).toBe(0);
    expect(await complaintsOfAxe(page)).toEqual([]);
  });

  it('says of a lab at rest that nothing runs and nothing needs anyone', async () => {
    await createVirtualTestbed(page, { name: 'Rack', nodes: 2, timeScale: 6 });
    await provision(page);
    await untilReady(page);
    await importSample(page);
    await goTo(page, 'Overview');
    await panel('Now').getByText('Nothing is running.').waitFor();
    await panel('Needs attention')
      .getByText(/Nothing needs you\. Checked (just now|\d+ s ago)\./)
      .waitFor();
    await panel('Lab')
      .getByRole('link', { name: /node-2/ })
      .getByText('q 0')
      .waitFor();
    await panel('Latest images').getByText('Images appear here as runs make them.').waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
  });

  it.each([
    [1024, 700, ['Needs attention', 'Now', 'Lab', 'Latest results', 'Latest images']],
    [1440, 900, ['Now', 'Needs attention', 'Lab', 'Latest results', 'Latest images']],
  ])('has its panels in their order at %i x %i, and nothing is cut', async (width, height, order) => {
    await page.setViewportSize({ width, height });
    await eventually(async () => {
      const places = await Promise.all(
        order.map(async (name) => {
          const box = await panel(name).boundingBox();
          return { name, at: (box?.y ?? 0) * 10_000 + (box?.x ?? 0) };
        }),
      );
      expect(places.toSorted((left, right) => left.at - right.at).map(({ name }) => name)).toEqual(order);
    });
    expect(await overflowOf()).toBeLessThanOrEqual(0);
  });

  it('follows a run: how far, how fast, what failed', async () => {
    await startRun(page, { name: 'Live one', count: TASKS });
    await goTo(page, 'Overview');
    const run = panel('Now').getByRole('article', { name: 'Live one' });
    await run.getByRole('progressbar', { name: 'Tasks ended' }).waitFor();
    await run.getByTitle('Over the last minute, real time').waitFor({ timeout: LONG_MS });
    expect(await run.innerText()).toMatch(/images\/min\s+[\d.]+\s+failed\s+0\s+re-sent\s+0/);
    expect(await complaintsOfAxe(page)).toEqual([]);
  });
});

describe('the topology of a testbed', () => {
  it('is walked by arrows while a run is live, and says what each link had', async () => {
    await goTo(page, 'Testbeds');
    await page.getByRole('link', { name: 'Rack' }).click();
    await page.getByRole('tab', { name: 'Topology' }).click();
    const topology = page.getByRole('group', { name: 'Topology' });
    await topology.getByRole('button', { name: /^Base station 1 to edge server 1, \d+ tasks? in the last minute$/ }).waitFor();
    await topology.getByRole('button', { name: /^Base station 1, node-1, \d+ tasks? out$/ }).focus();
    const focused = (): Promise<string | null> =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.querySelector('.sr-only')?.textContent ?? null;
      });
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^Base station 1 to edge server 1, /);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^Base station 1 to edge server 2, /);
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: 'Tasks of the link' })
      .getByRole('heading', { name: /edge server 2/ })
      .waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^Edge server 2, node-2, /);
    // One stop in the order of Tab, whatever there is to walk to.
    expect(await topology.locator('[tabindex="0"]').count()).toBe(1);
    expect(await complaintsOfAxe(page)).toEqual([]);
  });

  it('has dots on their way, and with reduced motion counts in their place', async () => {
    const dots = (): Promise<number> => page.evaluate(() => document.querySelector('[data-testid="dots"]')?.childElementCount ?? -1);
    await eventually(async () => expect(await dots()).toBeGreaterThan(0));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await eventually(async () => expect(await dots()).toBe(0));
    const topology = page.getByRole('group', { name: 'Topology' });
    await topology.locator('svg text', { hasText: /^\d+$/ }).first().waitFor();
    // What came meanwhile has brought no new ones.
    const before = await page.evaluate(() => performance.now());
    await page.waitForFunction((since) => performance.now() - since > 1500, before);
    expect(await dots()).toBe(0);
    await page.emulateMedia({ reducedMotion: null });
  });

  it('is a table when someone likes that better', async () => {
    await page.getByRole('switch', { name: 'As table' }).click();
    const links = page.getByRole('table', { name: 'Links' });
    await links.getByRole('row').nth(4).waitFor();
    expect(await links.getByRole('columnheader').allInnerTexts()).toEqual([
      'Base station',
      'Edge server',
      'Tasks in the last minute',
      'Running now',
    ]);
    expect(await complaintsOfAxe(page)).toEqual([]);
  });
});

describe('something that needs a person', () => {
  it('is in the list with its reason and one action, until it was looked at', async () => {
    await createRealTestbed(page, 'Away');
    await page.getByRole('button', { name: 'Paste a list' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Nodes from a list' });
    await dialog.getByLabel('Hosts').fill('lab@127.0.0.1:9 orin-1');
    await dialog.getByRole('button', { name: 'Add 1 node' }).click();
    await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
    await page.getByText('Could not check', { exact: true }).waitFor({ timeout: LONG_MS });
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('grid', { name: 'Provisioning steps' }).getByText('Failed').first().waitFor({ timeout: LONG_MS });

    await goTo(page, 'Overview');
    const list = page.getByRole('list', { name: 'Needs attention' });
    const item = list.getByRole('listitem').filter({ hasText: 'Away' });
    await item.getByText('Provision “Away” failed').waitFor();
    await panel('Lab')
      .getByRole('link', { name: /orin-1/ })
      .getByText('Provisioning failed')
      .waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await item.getByRole('link', { name: /^Show/ }).click();
    await heading(page, 'Away').waitFor();

    await goTo(page, 'Overview');
    await page.getByRole('button', { name: 'Mark as seen' }).click();
    await item.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});
