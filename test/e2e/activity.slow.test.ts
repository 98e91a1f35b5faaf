// What is under way and what ended, wherever one looks: title, Activity drawer, notifications in two windows; and what holds while the program
// is gone, and when it is back.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.js';
import { findBarriers } from '../support/find-barriers.js';
import { startProgram } from '../support/program.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

let window: OpenWindow;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page } = window);
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 60 });
});

afterAll(() => window.close());

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

describe('work under way', () => {
  it('is read out at quarters, not at each change', async () => {
    const spoken: string[] = [];
    await page.exposeFunction('hear', (text: string) => void spoken.push(text));
    await page.evaluate(() => {
      const region = document.querySelector('[data-testid="progress-speech"]');
      if (!region) throw new Error('Nothing says how far work is');
      new MutationObserver(() => void (window as unknown as { hear: (text: string) => void }).hear(region.textContent)).observe(region, {
        ...{ childList: true, characterData: true, subtree: true },
      });
    });
    await startRun(page, { name: 'Spoken', count: 100 });
    await expect.poll(() => spoken.at(-1), { timeout: 120_000 }).toMatch(/^Spoken: [789]\d percent, \d\d of 100 images/);
    // One a quarter, and on a busy machine one a minute.
    expect(spoken.length).toBeLessThanOrEqual(5);
    await untilRunIs(page, 'Succeeded');
  });
});

describe('the status bar', () => {
  it('counts the nodes that answer, and leads to their testbed', async () => {
    await page.getByRole('contentinfo').getByRole('link', { name: '2 of 2 nodes answer' }).click();
    await heading(page, 'Lab').waitFor();
  });
});

describe('runs that wait for the same testbed', () => {
  const titles = (): Promise<string[]> => drawer().getByRole('region', { name: 'Queued' }).locator('li').getByRole('link').allInnerTexts();
  const focusedName = (): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

  it('change places by their buttons and by Alt and an arrow, and the focus stays with the run', async () => {
    // Paused it has the testbed for as long as the others are looked at.
    await startRun(page, { name: 'First', count: 100 });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Pause run' }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    for (const name of ['Second', 'Third', 'Fourth']) await startRun(page, { name, count: 100 });
    await page.keyboard.press('Control+j');
    await expect.poll(titles).toEqual(['Second', 'Third', 'Fourth']);
    expect(await drawer().getByRole('button', { name: 'Let Second come earlier' }).isDisabled()).toBe(true);
    await drawer().getByRole('button', { name: 'Let Fourth come earlier' }).click();
    await expect.poll(titles).toEqual(['Second', 'Fourth', 'Third']);
    await expect.poll(focusedName).toBe('Let Fourth come earlier');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(titles).toEqual(['Fourth', 'Second', 'Third']);
    await expect.poll(focusedName).toBe('Let Fourth come later');
    const row = (name: string): Locator =>
      drawer()
        .getByRole('region', { name: 'Queued' })
        .locator('li')
        .filter({ has: page.getByRole('link', { name, exact: true }) });
    await row('Third').dragTo(row('Fourth'));
    await expect.poll(titles).toEqual(['Third', 'Fourth', 'Second']);
    await row('Third').dragTo(row('Second'));
    await expect.poll(titles).toEqual(['Fourth', 'Second', 'Third']);
    // A tooltip is drawn at the end of the page, in no region of it.
    await page.mouse.move(0, 0);
    await drawer().focus();
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    await expectNoBarriers();
    for (const name of ['Fourth', 'Second', 'Third', 'First']) {
      const command = name === 'First' ? 'Stop now' : 'Cancel run';
      await drawer().locator('li', { hasText: name }).getByRole('button', { name: command }).first().click();
      await page.getByRole('alertdialog').getByRole('button', { name: command }).click();
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    }
    await drawer().getByRole('region', { name: 'Queued' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+j');
  });
});

describe('a program that does not answer', () => {
  it('is said in a banner; values stay with their time, commands are held back with the reason', async () => {
    await goTo(page, 'Jobs');
    await page.getByRole('table', { name: 'Jobs' }).getByText('Provision').first().waitFor();
    process.kill(window.program.pid, 'SIGSTOP');
    await page.getByText(/^Not connected since \d\d:\d\d:\d\d\.$/).waitFor();
    await page
      .getByText(/^as of \d\d:\d\d:\d\d$/)
      .first()
      .waitFor();
    await page.getByRole('table', { name: 'Jobs' }).getByText('Provision').first().waitFor();
    // A panel without a title says it in a line, not in a head without words.
    expect(await page.locator('main header.hatched').count()).toBe(0);
    await goTo(page, 'Overview');
    await expectNoBarriers();
  });

  it('keeps the page when it is back, and says so', async () => {
    process.kill(window.program.pid, 'SIGCONT');
    await page.getByText(/^Not connected since/).waitFor({ state: 'detached' });
    await page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
    await heading(page, 'Overview').waitFor();
  });

  it('does not let a command go when it has ended, and offers another try for a view that could not be loaded', async () => {
    await goTo(page, 'Datasets');
    const icon = page.getByRole('button', { name: 'Move Sample prompts to the bin' });
    await icon.waitFor();
    await window.program.kill();
    const command = page.getByRole('button', { name: 'Import a file' }).first();
    await expect.poll(() => command.getAttribute('aria-disabled')).toBe('true');
    expect(await command.getAttribute('title')).toMatch(/^Not connected since/);
    await command.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await icon.getAttribute('aria-disabled')).toBe('true');
    expect(await icon.getAttribute('title')).toMatch(/^Not connected since/);
    await icon.click({ force: true });
    expect(await page.getByText(/moved to the bin/).count()).toBe(0);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reports' }).click();
    await heading(page, 'Reports').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).waitFor();
    // Navigation and title name the page that was asked for, as its heading does.
    expect(await page.locator('nav[aria-label="Main"] [aria-current="page"]').innerText()).toBe('Reports');
    expect(await page.title()).toContain('Reports');
    await goTo(page, 'Testbeds');
  });

  it('has a page for a session that ended with it, which leads back to where one was', async () => {
    window.program = await startProgram(window.dataDir, {}, Number(new URL(page.url()).port));
    await heading(page, 'This session has ended').waitFor();
    await expectNoBarriers();
    await page.getByLabel('New address').fill('nonsense');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('Paste the whole address').waitFor();
    await page.getByLabel('New address').fill(`The address: ${window.program.url}`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await heading(page, 'Testbeds').waitFor();
    await page.getByRole('link', { name: 'Lab' }).waitFor();
  });

  it('has the same page for a browser that it does not know', async () => {
    const stranger = await openPage(window.browser, new URL(window.program.url).origin);
    await heading(stranger.page, 'This browser is not signed in').waitFor();
    expect(await findBarriers(stranger.page)).toEqual([]);
    await stranger.page.getByLabel('New address').fill(await window.program.nextUrl());
    await stranger.page.getByRole('button', { name: 'Open' }).click();
    await stranger.page.getByRole('navigation', { name: 'Main' }).waitFor();
    await stranger.page.context().close();
  });
});
