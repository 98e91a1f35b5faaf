// The desktop program opens its window in a real Electron, over a core in a process of its own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopOfWorker } from '../support/desktop-of-worker.js';
import { openDesktop } from '../support/open-desktop.js';
import type { OpenDesktop } from '../support/open-desktop.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading } from '../support/window-steps.js';

const MANIFEST = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
  productName: string;
};

let dataDir: string;
let desktop: OpenDesktop;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-'));
  desktop = await openDesktop({ dataDir });
});

afterAll(async () => {
  await desktop?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

screenshotOnFailure(() => desktop?.page);

describe('the desktop program', () => {
  it('shows the overview from its own origin, connected to its core', async () => {
    await heading(desktop.page, 'Overview').waitFor();
    await desktop.page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
    expect(desktop.page.url()).toMatch(/^dedgeai:\/\/app\/(#|$)/);
    await desktop.page.screenshot({ path: join(import.meta.dirname, '../../test-results/desktop-opens.png') });
  });

  it('is named after the product', async () => {
    expect(await desktop.page.title()).toBe(`Overview · ${MANIFEST.productName}`);
    const ofMain = await desktop.app.evaluate(({ app }) => ({ name: app.getName(), version: app.getVersion() }));
    expect(ofMain).toEqual({ name: MANIFEST.productName, version: MANIFEST.version });
    await goTo(desktop.page, 'Settings');
    await desktop.page.getByRole('tab', { name: 'About' }).click();
    await desktop.page.getByRole('tabpanel').getByText(MANIFEST.version, { exact: true }).waitFor();
  });

  it('runs in the Electron that was found', async () => {
    const version = await desktop.app.evaluate(() => process.versions.electron);
    expect(version).toBe(desktopOfWorker().electronVersion);
  });

  it('has nothing to complain about', () => {
    expect(desktop.complaints).toEqual([]);
  });
});
