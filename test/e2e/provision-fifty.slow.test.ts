// Fifty nodes provisioned in the window. That they can't be reached is real; the feed that streams is a stand-in for it, since fifty machines
// that print are not at hand: the same shape, 200 lines a node, more of them all the time.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProvisioningRun } from '../../src/shared/provisioning.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindowOver, type WindowOver } from '../support/open-window-over.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { eventually } from '../support/until.js';
import { createRealTestbed, provisioningSteps } from '../support/window-steps.js';

const NODES = 50;
const LINES = 200;
const LONG_MS = 120_000;
const HOSTILE = '<img src=x onerror="document.title=1"> \u{202e}desrever';
const NEEDLE = 'No space left on device';

let opened: WindowOver;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  opened = await openWindowOver({});
  ({ page } = opened);
});
afterAll(() => opened.close());

const log = (): Locator => page.getByRole('region', { name: 'Log' });
const drawnRows = (): Promise<number> => provisioningSteps(page).locator('tbody tr:not([aria-hidden])').count();

/** As fifty nodes in the middle of it: ten failed, twenty are done, ten run, ten wait. */
function stream(run: ProvisioningRun, beat: number): ProvisioningRun {
  return {
    ...run,
    state: 'running',
    finishedAtMs: null,
    nodes: run.nodes.map((node, index) => {
      const state = index % 5 === 0 ? 'failed' : index % 5 < 3 ? 'succeeded' : index % 5 === 3 ? 'running' : 'queued';
      const output = Array.from({ length: LINES }, (_, line) => ({
        atMs: run.startedAtMs + (beat * 5 + line) * 100 + index,
        step: 'agent' as const,
        text: `line ${beat * 5 + line} of ${node.nodeName}`,
      }));
      if (index === 7) output[3] = { ...output[3]!, text: NEEDLE };
      if (index === 8) output[LINES - 1] = { ...output[LINES - 1]!, text: HOSTILE };
      return { ...node, state, output };
    }),
  };
}

describe('fifty nodes that can not be reached', () => {
  it('are added from a list and provisioned, each failing for itself', async () => {
    await createRealTestbed(page, 'Fifty');
    await page.getByRole('button', { name: 'Paste a list' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Nodes from a list' });
    const hosts = Array.from(
      { length: NODES },
      (_, index) => `lab@127.0.0.1:${20_000 + index} rack-s${String(index + 1).padStart(2, '0')}`,
    );
    await dialog.getByLabel('Hosts').fill(hosts.join('\n'));
    await dialog.getByRole('button', { name: `Add ${NODES} nodes` }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('table', { name: 'Nodes' }).waitFor();
    await page.getByRole('tab', { name: 'Provisioning' }).click();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('button', { name: `Retry failed (${NODES})` }).waitFor({ timeout: LONG_MS });
    await eventually(async () => expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY'));
    await page.getByRole('button', { name: `Failed ${NODES}` }).waitFor();
    expect(await provisioningSteps(page).getAttribute('aria-rowcount')).toBe(String(NODES + 2));
    expect(await drawnRows()).toBeLessThan(80);
  });

  it.each([
    [1024, 700],
    [1440, 900],
  ])('are drawn without anything cut at %i x %i', async (width, height) => {
    await page.setViewportSize({ width, height });
    const overflow = await page.locator('#view').evaluate((view) => view.scrollWidth - view.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const ofMatrix = await provisioningSteps(page).evaluate(({ parentElement: box }) => (box ? box.scrollWidth - box.clientWidth : NaN));
    expect(ofMatrix).toBeLessThanOrEqual(0);
    const name = provisioningSteps(page).getByRole('rowheader', { name: 'rack-s01', exact: true });
    expect((await name.boundingBox())?.height).toBeLessThanOrEqual(27);
    expect(await complaintsOfAxe(page)).toEqual([]);
  });
});

describe('a provisioning that streams', () => {
  beforeAll(async () => {
    const watch = opened.services.provisioning.watch.bind(opened.services.provisioning);
    opened.services.provisioning.watch = async function* (id, signal) {
      for await (const run of watch(id, new AbortController().signal)) {
        for (let beat = 0; !signal.aborted; beat += 1) {
          yield stream(run, beat);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        return;
      }
    };
    await page.reload();
    await page.getByRole('button', { name: 'Running 10' }).waitFor();
  });

  it('has what failed first, and filters', async () => {
    await page.getByRole('button', { name: 'Failed 10' }).click();
    expect(await provisioningSteps(page).getAttribute('aria-rowcount')).toBe('12');
    expect(await drawnRows()).toBe(10);
    await page.getByRole('button', { name: `All ${NODES}` }).click();
    const [first] = await provisioningSteps(page).getByRole('rowheader').filter({ hasText: 'rack' }).allInnerTexts();
    expect(first).toBe('rack-s01');
    expect(await drawnRows()).toBeLessThan(80);
  });

  it('is walked by keys, beyond what was drawn', async () => {
    await provisioningSteps(page).getByRole('rowheader', { name: 'rack-s01', exact: true }).click();
    await page.keyboard.press('ArrowRight');
    const focused = (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    await eventually(async () => expect(await focused()).toMatch(/^rack-s01, Connect and verify host key: /));
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('PageDown');
    // Those that are done come last.
    await eventually(async () => expect(await focused()).toMatch(/^rack-s48, Connect and verify host key: /));
  });

  it('has its log searched while it streams, far from what is drawn', async () => {
    expect(await log().getByRole('listitem').count()).toBeLessThan(80);
    await page.keyboard.press('Control+f');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search in the log');
    await page.keyboard.type('space DEVICE');
    await log().getByText('1 of 1').waitFor();
    await log().getByText(NEEDLE, { exact: true }).waitFor();
    expect(await log().getByRole('switch', { name: 'Follow' }).getAttribute('aria-checked')).toBe('false');
    // It goes on streaming, and what was found stays in sight.
    const sinceMs = await page.evaluate(() => performance.now());
    await page.waitForFunction((since) => performance.now() - since > 1000, sinceMs);
    await eventually(async () => expect(await log().getByText(NEEDLE, { exact: true }).isVisible()).toBe(true));
    await page.keyboard.press('Escape');
  });

  it('shows what a node printed as text, and nothing of it is obeyed', async () => {
    await log().getByLabel('Search in the log').fill('onerror');
    await log().getByText('<img src=x', { exact: false }).waitFor();
    expect(await log().getByText('<img src=x', { exact: false }).innerText()).not.toContain('\u{202e}');
    expect(await log().locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
    await log().getByLabel('Search in the log').fill('');
  });

  it('follows its end again when asked, and complains of nothing', async () => {
    await log().getByRole('switch', { name: 'Follow' }).click();
    const lastDrawn = (): Promise<string> => log().getByRole('listitem').last().innerText();
    const seen = await lastDrawn();
    await eventually(async () => expect(await lastDrawn()).not.toBe(seen));
    expect(await complaintsOfAxe(page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
