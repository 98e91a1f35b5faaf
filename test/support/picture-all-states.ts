// `npm run screenshots -- --all [--out DIR --only NAME,NAME]`: pictures of every state of the window, in three sizes and both themes, to be
// looked at; faults.txt beside them has what a program sees by itself. `--only empty` and such take those whose names start so.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.js';
import { EMPTY_STATES } from './window-states/empty-states.js';
import { fillProgram, type FilledIds } from './window-states/fill-program.js';
import { LAB_STATES } from './window-states/lab-states.js';
import { liveStates } from './window-states/live-states.js';
import { openStates } from './window-states/open-program.js';
import { makeContactSheets } from './window-states/contact-sheets.js';
import { pictureStates, type PicturedState } from './window-states/picture-states.js';

const { values } = parseArgs({
  options: { all: { type: 'boolean' }, out: { type: 'string' }, only: { type: 'string' } },
});
const outDir = values.out ?? join(import.meta.dirname, '../../.cache/screenshots');
const only = values.only?.split(',') ?? null;

const browser = await launchBrowser();
const pictured: PicturedState[] = [];
const harness = await openStates();
try {
  const { page } = await openPage(browser, harness.url());
  // For what never comes, which is named.
  page.setDefaultTimeout(15_000);
  const noIds = { runs: [] } as unknown as FilledIds;
  const options = { outDir, only };
  pictured.push(...(await pictureStates({ page, api: harness.api, ids: noIds }, EMPTY_STATES, options)));
  const ids = await fillProgram(harness);
  await page.reload();
  pictured.push(...(await pictureStates({ page, api: harness.api, ids }, LAB_STATES, options)));
  pictured.push(...(await pictureStates({ page, api: harness.api, ids }, liveStates(harness.dataDir), { ...options, isSequence: true })));
  pictured.push(...(await pictureStates({ page, api: harness.api, ids }, [serverGone(page)], options)));
} finally {
  await browser.close();
  await harness.close();
}
writeFileSync(join(outDir, 'faults.txt'), pictured.map(({ name, faults }) => [name, ...faults].join('\n  ')).join('\n'));
await makeContactSheets(
  outDir,
  pictured.map(({ name }) => name),
);

function serverGone(page: Page) {
  return {
    name: 'server-gone',
    async open() {
      await harness.hangUp();
      await page.getByText(/Not connected since/).waitFor();
    },
  };
}
