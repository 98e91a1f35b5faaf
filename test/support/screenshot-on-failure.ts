import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../test-results');

/** After each test of the file that failed, saves what the window showed, full length, as test-results/<test name>.png. */
export function screenshotOnFailure(currentPage: () => Page | undefined): void {
  afterEach(async ({ task }) => {
    const page = currentPage();
    if (task.result?.state !== 'fail' || !page || page.isClosed()) return;
    const name = task.name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80);
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  });
}
