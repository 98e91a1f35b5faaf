import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram } from '../support/program.js';
import type { RunningProgram } from '../support/program.js';

let dataDir: string;
let program: RunningProgram;
let browser: Browser;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'first-look-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the program just started', () => {
  it('signs a browser in by its address and shows every page without a complaint', async () => {
    const { page, complaints } = await openPage(browser, program.url);
    await page.waitForURL((url) => !url.search.includes('token'));
    const links = page.getByRole('navigation').first().getByRole('link');
    await links.first().waitFor();
    const count = await links.count();
    expect(count).toBeGreaterThanOrEqual(6);
    for (let index = 0; index < count; index++) {
      const name = await links.nth(index).innerText();
      await links.nth(index).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(complaints, name).toEqual([]);
    }
  });

  it('goes on to where the address says that changes while the first view is loading', async () => {
    const { page } = await openPage(browser, await program.nextUrl());
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.route('**/assets/OverviewView-*', async (route) => {
      await page.evaluate(() => (location.hash = '#/runs'));
      await route.continue();
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/runs');
  });

  it('stands in its frame, in the chosen theme and as wide as it will be, while its script is on the way', async () => {
    const { page, complaints } = await openPage(browser, await program.nextUrl());
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.setViewportSize({ width: 1199, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.evaluate(() => localStorage.setItem('dedgeai.theme', 'dark'));
    const asked = Promise.withResolvers<undefined>();
    await page.route('**/assets/index-*.js', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    await page.getByText(/^DE/).first().waitFor();
    const frame = await page.evaluate(() => ({
      theme: document.documentElement.dataset['theme'],
      hasViews: document.querySelector('main') !== null,
      widthPx: document.querySelector('#app > div > div')?.clientWidth,
    }));
    expect(frame).toMatchObject({ theme: 'dark', hasViews: false });
    asked.resolve(undefined);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.locator('#not-loaded').count()).toBe(0);
    const navigation = page.getByRole('navigation', { name: 'Main' });
    expect(await navigation.evaluate(({ clientWidth }) => clientWidth)).toBe(frame.widthPx);
    expect(complaints).toEqual([]);
  });

  it('says so where its script does not come', async () => {
    const { page } = await openPage(browser, await program.nextUrl());
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.route('**/assets/index-*.js', (route) => route.abort());
    await page.reload({ waitUntil: 'commit' });
    await page.getByRole('alert').getByText('The window could not be loaded.').waitFor();
  });

  it('has the heading of what the address asks for while that is loading', async () => {
    const { page, complaints } = await openPage(browser, await program.nextUrl());
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const asked = Promise.withResolvers<undefined>();
    await page.route('**/assets/HistoryView-*', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await page.evaluate(() => (location.hash = '#/runs'));
    await page.reload();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    expect(complaints).toEqual([]);
    asked.resolve(undefined);
    await page.getByText('Everything that ran').waitFor();
  });

  it('says which view is on its way where that takes a while, and keeps the page before it until then', async () => {
    const { page, complaints } = await openPage(browser, await program.nextUrl());
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const asked = Promise.withResolvers<undefined>();
    await page.route('**/assets/GalleryView-*', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await page.getByRole('link', { name: 'Gallery' }).click();
    await page.getByText('Opening Gallery…').waitFor({ state: 'attached' });
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    asked.resolve(undefined);
    await page.getByRole('heading', { name: 'Gallery', level: 1 }).waitFor();
    await page.getByText('Opening Gallery…').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('has one tooltip, for the pointer and for the keyboard, which Escape closes', async () => {
    const { page } = await openPage(browser, await program.nextUrl());
    const tip = page.getByRole('tooltip');
    const link = page.getByRole('navigation').first().getByRole('link', { name: 'Runs' });
    await expect
      .poll(async () => {
        // It is loaded once the first view is drawn.
        await page.mouse.move(700, 400);
        await link.hover();
        return tip.innerText({ timeout: 2000 }).catch(() => '');
      })
      .toMatch(/^Runs/);
    expect(await link.getAttribute('aria-describedby')).toBe(await tip.getAttribute('id'));
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
    expect(await link.getAttribute('aria-describedby')).toBeNull();
    await page.mouse.move(700, 400);
    await page.getByRole('button', { name: 'Help', exact: true }).focus();
    await page.keyboard.press('Tab');
    await tip.getByText(/navigation/).waitFor();
    expect(await tip.count()).toBe(1);
  });

  it('turns a second browser away until it has an address of its own', async () => {
    const stranger = await openPage(browser, new URL(program.url).origin);
    expect(await stranger.page.locator('body').innerText()).toContain('not signed in');
    await stranger.page.goto(await program.nextUrl());
    await stranger.page.getByRole('navigation').first().waitFor();
  });

  it('refuses a second program on the same data with a clear word', async () => {
    await expect(startProgram(dataDir)).rejects.toThrow(new RegExp(`instance-locked.*process ${program.pid}.*${dataDir}`));
  });

  it('ends on Ctrl-C', async () => {
    const ownDir = mkdtempSync(join(tmpdir(), 'first-look-'));
    const other = await startProgram(ownDir);
    expect(await other.stop()).toBe(0);
    rmSync(ownDir, { recursive: true, force: true });
  });
});
