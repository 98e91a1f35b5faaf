import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';

/** Chooses an item of the view's Export menu and returns the downloaded file's name, path and text. */
export async function exportAs(page: Page, item: 'CSV' | 'JSON' | 'HTML report'): Promise<{ name: string; path: string; text: string }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: new RegExp(`^${item}`) }).click(),
  ]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, text: await readFile(path, 'utf8') };
}

/** Opens an HTML document from its text in a browser of its own and returns every address that it asked for beside its own data. */
export async function listRequestsOf(browser: Browser, documentText: string): Promise<string[]> {
  const context = await browser.newContext();
  const address = 'http://report.test/';
  const requested: string[] = [];
  try {
    const page = await context.newPage();
    await page.route('**/*', (route) => {
      const url = route.request().url();
      if (url === address) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: documentText });
      requested.push(url);
      return route.abort();
    });
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    return requested.filter((url) => !url.startsWith('data:') && !url.endsWith('/favicon.ico'));
  } finally {
    await context.close();
  }
}
