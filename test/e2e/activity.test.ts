// What is under way and what ended, wherever one looks: title, Activity drawer, notifications in two windows; and what holds while the program
// is gone, and when it is back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { findBarriers } from '../support/find-barriers.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { createVirtualTestbed, goTo, heading, importSample, provision, startRun, untilReady } from '../support/window-steps.js';

let dataDir: string;
let browser: Browser;
let program: RunningProgram;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'activity-'));
  [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  await createVirtualTestbed(page, { name: 'Lab', nodes: 2, timeScale: 60 });
  await provision(page);
  await untilReady(page);
  await importSample(page);
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const drawer = (of = page): Locator => of.getByRole('region', { name: 'Activity' });
const bell = (of: Page, name: string | RegExp): Locator => of.getByRole('banner').getByRole('button', { name });

async function expectNoBarriers(): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((chosen) => (document.documentElement.dataset['theme'] = chosen), theme);
    // Colors have turned by then.
    await expect.poll(() => findBarriers(page), { message: theme }).toEqual([]);
  }
}

describe('a run that one waits for', () => {
  it('is in the title, and in the drawer with the commands of its page', async () => {
    await startRun(page, { name: 'Night', count: 100 });
    await expect.poll(() => page.title()).toMatch(/^\d+\/100 - Night - DEdgeAI$/);
    await goTo(page, 'Gallery');
    await page.keyboard.press('Control+j');
    const running = drawer().getByRole('region', { name: 'Running' });
    await running.getByRole('link', { name: 'Night' }).waitFor();
    await running.getByRole('progressbar').waitFor();
    for (const command of ['Pause', 'Cancel remaining', 'Stop now']) await running.getByRole('button', { name: command }).waitFor();
    await expectNoBarriers();
    await running.getByRole('button', { name: 'Stop now' }).click();
    const question = page.getByRole('alertdialog', { name: 'Stop this run now?' });
    await question.getByText(/results? so far/).waitFor();
    await question.getByRole('button', { name: 'Keep running' }).click();
    await page.keyboard.press('Control+j');
    await drawer().waitFor({ state: 'detached' });
  });

  it('says its end in the title until someone is back', async () => {
    await expect.poll(() => page.title(), { timeout: 120_000 }).toMatch(/^Done: Night/);
    await page.keyboard.press('Shift');
    await expect.poll(() => page.title()).toBe('Gallery · DEdgeAI Control Center');
  });
});

describe('its notification', () => {
  it('is unread after a reload, and read in a second window when it was read in the first', async () => {
    await bell(page, /unread/).waitFor();
    await page.reload();
    await bell(page, /unread/).click();
    await drawer()
      .getByRole('link', { name: /^Run “Night”/ })
      .waitFor();
    await expectNoBarriers();
    const second = await page.context().newPage();
    await second.goto(new URL('/', page.url()).href);
    await bell(second, /unread/).waitFor();

    await drawer().getByRole('button', { name: 'Mark all read' }).click();
    await bell(page, /^Notifications$/).waitFor();
    await bell(second, /^Notifications$/).waitFor();
    await second.close();
  });

  it('leads to the run', async () => {
    await drawer()
      .getByRole('link', { name: /^Run “Night”/ })
      .click();
    await heading(page, 'Night').waitFor();
    await page.keyboard.press('Control+j');
    await drawer().waitFor({ state: 'detached' });
  });
});

describe('a program that does not answer', () => {
  it('is said in a banner; values stay with their time, commands are held back with the reason', async () => {
    await goTo(page, 'Jobs');
    await page.getByRole('table', { name: 'Jobs' }).getByText('Provision').first().waitFor();
    process.kill(program.pid, 'SIGSTOP');
    await page.getByText(/^Not connected since \d\d:\d\d:\d\d\.$/).waitFor();
    await page
      .getByText(/^as of \d\d:\d\d:\d\d$/)
      .first()
      .waitFor();
    await page.getByRole('table', { name: 'Jobs' }).getByText('Provision').first().waitFor();
    await goTo(page, 'Overview');
    await expectNoBarriers();
  });

  it('keeps the page when it is back, and says so', async () => {
    process.kill(program.pid, 'SIGCONT');
    await page.getByText(/^Not connected since/).waitFor({ state: 'detached' });
    await page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
    await heading(page, 'Overview').waitFor();
  });

  it('does not let a command go when it has ended, and offers Retry for a view that could not be loaded', async () => {
    await goTo(page, 'Datasets');
    await program.kill();
    const command = page.getByRole('button', { name: 'Import a file' }).first();
    await expect.poll(() => command.getAttribute('aria-disabled')).toBe('true');
    expect(await command.getAttribute('title')).toMatch(/^Not connected since/);
    await command.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reports' }).click();
    await heading(page, 'Reports').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Retry' }).waitFor();
    await goTo(page, 'Testbeds');
  });

  it('has a page for a session that ended with it, which leads back to where one was', async () => {
    program = await startProgram(dataDir, {}, Number(new URL(page.url()).port));
    await heading(page, 'This session has ended').waitFor();
    await expectNoBarriers();
    await page.getByLabel('New address').fill('nonsense');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('Paste the whole address').waitFor();
    await page.getByLabel('New address').fill(`The address: ${program.url}`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await heading(page, 'Testbeds').waitFor();
    await page.getByRole('link', { name: 'Lab' }).waitFor();
  });

  it('has the same page for a browser that it does not know', async () => {
    const stranger = await openPage(browser, new URL(program.url).origin);
    await heading(stranger.page, 'This browser is not signed in').waitFor();
    expect(await findBarriers(stranger.page)).toEqual([]);
    await stranger.page.getByLabel('New address').fill(await program.nextUrl());
    await stranger.page.getByRole('button', { name: 'Open' }).click();
    await stranger.page.getByRole('navigation', { name: 'Main' }).waitFor();
    await stranger.page.context().close();
  });
});
