// A real Chromium for tests, and a page that keeps what went wrong in it.
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { findChromium } from './find-tools.js';

/** Nothing that a test does not need: no GPU, no talk to the browser's own services. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Chromium's own sandbox does not start as root, where many test machines run. */
const ARGUMENTS = process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : QUIET;

/** Launches the browser; the caller closes it. Throws when there is none, naming the remedy. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium here: install one, or name it in DEDGEAI_CHROMIUM.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export interface WatchedPage {
  page: Page;
  /** Errors on the console (policy violations and failed loads among them) and uncaught ones, so far. */
  complaints: string[];
}

/** Opens a page of its own session. */
export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 880 }, acceptDownloads: true });
  // For what never comes, too: a starved machine takes its time.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}
