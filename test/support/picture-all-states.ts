// `npm run screenshots -- --all [--out DIR --only NAME,NAME]`: pictures of every state of the window, in three sizes and both themes, to be
// looked at; faults.txt beside them has what a program sees by itself. `--only empty` and such take those whose names start so.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from './browser.js';
import { BOARD_STATES, fillBoards, hostKeyStates } from './window-states/board-states.js';
import { EMPTY_STATES } from './window-states/empty-states.js';
import { fillProgram, type FilledIds } from './window-states/fill-program.js';
import { LAB_STATES } from './window-states/lab-states.js';
import { liveStates } from './window-states/live-states.js';
import { LOADING_STATES, openHeldPage, openStoppedPage, STOPPED_STATES } from './window-states/loading-states.js';
import { openStates, type OpenStates } from './window-states/open-program.js';
import { makeContactSheets } from './window-states/contact-sheets.js';
import { pictureStates, type PicturedState } from './window-states/picture-states.js';
import { RECORD_STATES } from './window-states/record-states.js';
import type { WindowState } from './window-states/window-state.js';

const { values } = parseArgs({
  options: { all: { type: 'boolean' }, out: { type: 'string' }, only: { type: 'string' } },
});
const outDir = values.out ?? join(import.meta.dirname, '../../.cache/screenshots');
const only = values.only?.split(',') ?? null;

const isWished = (...states: readonly WindowState[]): boolean =>
  only === null || states.some(({ name }) => only.some((start) => name.startsWith(start)));
const noIds = { runs: [] } as unknown as FilledIds;
const pictured: PicturedState[] = [];
const browser = await launchBrowser();
try {
  await pictureProgram();
  if (isWished(...BOARD_STATES)) await pictureBoards();
} finally {
  await browser.close();
}
writeFileSync(join(outDir, 'faults.txt'), pictured.map(({ name, faults }) => [name, ...faults].join('\n  ')).join('\n'));
await makeContactSheets(
  outDir,
  pictured.map(({ name }) => name),
);

async function pictureProgram(): Promise<void> {
  const harness = await openStates();
  const hostKeys = hostKeyStates();
  const { page } = await openWindow(harness);
  const picture = async (states: readonly WindowState[], { ids, on = page, isSequence = false }: Pictured): Promise<void> => {
    pictured.push(...(await pictureStates({ ...harness, page: on, ids }, states, { outDir, only, isSequence })));
  };
  try {
    await picture(EMPTY_STATES, { ids: noIds });
    const gone = serverGone(page, harness);
    const live = liveStates(harness.dataDir);
    const overData = [...LAB_STATES, ...RECORD_STATES, ...hostKeys.states, ...LOADING_STATES, ...STOPPED_STATES, ...live, gone];
    if (!isWished(...overData)) return;
    const ids = await fillProgram(harness);
    await page.reload();
    await picture(LAB_STATES, { ids });
    await picture(RECORD_STATES, { ids });
    await picture(hostKeys.states, { ids, isSequence: true });
    await picture(LOADING_STATES, { ids, on: await openHeldPage(page), isSequence: true });
    await picture(STOPPED_STATES, { ids, on: await openStoppedPage(page) });
    await picture(live, { ids, isSequence: true });
    await picture([gone], { ids });
  } finally {
    await page.context().close();
    await hostKeys.close();
    await harness.close();
  }
}

interface Pictured {
  ids: FilledIds;
  on?: Page;
  isSequence?: boolean;
}

async function pictureBoards(): Promise<void> {
  const harness = await openStates(fillBoards);
  const { page } = await openWindow(harness);
  try {
    pictured.push(...(await pictureStates({ ...harness, page, ids: noIds }, BOARD_STATES, { outDir, only })));
  } finally {
    await page.context().close();
    await harness.close();
  }
}

async function openWindow(harness: OpenStates): Promise<{ page: Page }> {
  const { page } = await openPage(browser, harness.url());
  // For what never comes, which is named.
  page.context().setDefaultTimeout(15_000);
  return { page };
}

function serverGone(page: Page, harness: OpenStates): WindowState {
  return {
    name: 'server-gone',
    async open() {
      await harness.hangUp();
      await page.getByText(/Not connected since/).waitFor();
    },
  };
}
