// The main job in the desktop program, by mouse and keyboard: from an empty data folder to exported files. Each test continues where the one
// before ended.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadTo } from '../support/desktop-downloads.js';
import type { DesktopDownload } from '../support/desktop-downloads.js';
import { makeTokenFile } from '../support/flickr-files.js';
import { openDesktop } from '../support/open-desktop.js';
import type { OpenDesktop } from '../support/open-desktop.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { chooseDatasetFile, createVirtualTestbed, heading, provision, startRun, untilReady, untilRunIs } from '../support/window-steps.js';
import { eventually } from '../support/until.js';

const NODES = 5;
const TASKS = 10;
const RUN_NAME = 'First ten';
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const PICTURES = join(import.meta.dirname, '../../test-results');

let dataDir: string;
let downloadDir: string;
let desktop: OpenDesktop;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-journey-'));
  downloadDir = join(dataDir, 'downloads');
  mkdirSync(downloadDir);
  desktop = await openDesktop({ dataDir });
  page = desktop.page;
});

afterAll(async () => {
  await desktop?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Two keys, one after the other, as the status bar tells of. */
async function pressGo(key: string, view: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await heading(page, view).waitFor();
}

/** Chooses an item of the view's Export menu with the arrow keys. */
function exportAs(item: 'CSV' | 'JSON' | 'HTML report'): Promise<DesktopDownload> {
  return downloadTo(desktop.app, downloadDir, async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    const entry = page.getByRole('menuitem', { name: new RegExp(`^${item}`) });
    await entry.waitFor();
    for (let steps = 0; steps < 3 && !(await isFocused(entry)); steps++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  });
}

function isFocused(locator: ReturnType<Page['getByRole']>): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

const picture = (name: string): Promise<unknown> => page.screenshot({ path: join(PICTURES, `desktop-${name}.png`) });

describe('the main job in the desktop program', () => {
  it('makes a virtual testbed and provisions it', async () => {
    await createVirtualTestbed(page, { name: 'Lab', nodes: NODES, timeScale: 2 });
    await provision(page);
    await untilReady(page);
    await picture('provisioned');
  });

  it('takes captions in from a file', async () => {
    const dialog = await chooseDatasetFile(page, makeTokenFile());
    await dialog.getByRole('button', { name: 'Import 120 prompts' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Flickr8k.token', exact: true }).waitFor();
  });

  it('runs 10 of them to a valid end', async () => {
    await startRun(page, { name: RUN_NAME, count: TASKS });
    await untilRunIs(page, 'Succeeded');
    await untilRunIs(page, 'Valid');
    await picture('run');
  });

  it('saves the run as CSV, JSON and HTML under names that say what they are', async () => {
    const csv = await exportAs('CSV');
    expect(csv.name).toMatch(/\.csv$/);
    const rows = parse<Record<string, string>>(csv.content, { columns: true });
    expect(new Set(rows.map((row) => row['task_id'])).size).toBe(TASKS);
    expect(rows.every((row) => row['state'] === 'succeeded')).toBe(true);

    const json = await exportAs('JSON');
    expect(json.name).toMatch(/\.json$/);
    expect(JSON.parse(json.content.toString())).toMatchObject({ run: { spec: { name: RUN_NAME, taskCount: TASKS } } });

    const report = await exportAs('HTML report');
    expect(report.name).toMatch(/\.html$/);
    expect(report.content.toString()).toContain(RUN_NAME);
  });

  it('shows the pictures in the gallery, opened by keys', async () => {
    await pressGo('g', 'Gallery');
    await page.getByRole('status').getByText(`${TASKS} images`, { exact: true }).waitFor();
    const images = page.getByRole('list', { name: 'Images' }).locator('img');
    await eventually(async () => expect(await images.evaluateAll(haveAllPixels)).toBe(true));
    await picture('gallery');
  });

  it('saves a picture as it is stored, byte for byte', async () => {
    await page
      .getByRole('button', { name: /^Open image of task/ })
      .first()
      .press('Enter');
    const link = page.getByRole('link', { name: 'Stored file' });
    const address = (await link.getAttribute('href')) ?? '';
    const { name, content } = await downloadTo(desktop.app, downloadDir, () => link.click());
    expect(name).toMatch(/\.png$/);
    expect(content.subarray(0, PNG_MAGIC.length)).toEqual(PNG_MAGIC);
    expect(address).toBe(`/images/${createHash('sha256').update(content).digest('hex')}`);
    await page.keyboard.press('Escape');
  });

  it('puts the run beside Table V and saves the comparison', async () => {
    await pressGo('v', 'Table V');
    const groups = page.getByRole('table', { name: 'Total generation delay by platform' }).getByRole('rowgroup');
    await groups.filter({ hasText: 'Measured here' }).getByRole('row').last().getByText('simulated').first().waitFor();
    await picture('compare');

    const csv = await exportAs('CSV');
    const sources = parse<Record<string, string>>(csv.content, { columns: true }).map((row) => row['source']);
    expect(sources.filter((source) => source === 'paper')).toHaveLength(6);
    expect(sources.filter((source) => source === 'measured')).toHaveLength(1);
    expect((JSON.parse((await exportAs('JSON')).content.toString()) as { rows: unknown[] }).rows).toHaveLength(7);
    expect((await exportAs('HTML report')).content.toString()).toContain('Midjourney');
  });

  it('leaves seven files, and nothing to complain about', () => {
    expect(readdirSync(downloadDir)).toHaveLength(7);
    expect(desktop.complaints).toEqual([]);
  });
});

function haveAllPixels(images: (SVGElement | HTMLElement)[]): boolean {
  return images.length > 0 && (images as HTMLImageElement[]).every((image) => image.complete && image.naturalWidth > 0);
}
