// The measurements of the window, each over a page that is signed in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Figure, median } from './limits.js';
import { heapBytes, takeLongTasks, timeInPage, watchLongTasks } from './page-probe.js';

const ASSETS = join(import.meta.dirname, '../../out/renderer');
const TIMES = 5;
const FIRST_PAINT_MS = 500;
const JUMP_MS = 150;
const SEARCH_MS = 100;
const ASSET_KB = 250;
/** Of the heap before, after a walk through the whole gallery and back. */
const HEAP_PERCENT = 150;
const SCROLL_MS = 6000;
const SETTLE_MS = 2500;
const LIVE_MS = 10_000;

/** The first view is that of the testbed whose history this is. */
const PATHS: Record<string, string> = { overview: '?testbed=testbed-1', runs: 'runs', gallery: 'gallery' };
/** What a view has drawn when it has data. */
const DATA: Record<string, string> = {
  overview: 'document.querySelector(\'main table[aria-label="Latest results"] tbody tr\') !== null',
  runs: 'document.querySelectorAll(\'[role=treegrid] tr[aria-rowindex] a[href^="#/runs/"]\').length > 5',
  gallery: 'document.querySelectorAll(\'ul[aria-label=Images] button[aria-label^="Open image"]\').length > 5',
};
const TASKS = 'main table[aria-label=Tasks]';
const GALLERY = "document.querySelector('ul[aria-label=Images]').closest('.overflow-y-auto')";
/** All tiles that are on screen have an image, and the list is not waited for. */
const TILES_THERE = `(() => {
  const list = document.querySelector('ul[aria-label=Images]');
  const box = ${GALLERY}.getBoundingClientRect();
  const seen = [...list.children].filter((tile) => { const { top, bottom } = tile.getBoundingClientRect(); return bottom > box.top && top < box.bottom; });
  return list.getAttribute('aria-busy') !== 'true' && seen.length > 5 && seen.every((tile) => tile.querySelector('button[aria-label^="Open image"]'));
})()`;

export interface Place {
  browser: Browser;
  context: BrowserContext;
  /** Without a path. */
  address: string;
}

/**
 * From the navigation to the first view with data, each time in a browser that has nothing of the program but its session, and once more where it
 * has its files. A page of one line, in the same browser, says how much of it is the machine's.
 */
export async function measureFirstPaint({ browser, context, address }: Place): Promise<Figure[]> {
  const figures: Figure[] = [];
  const empty: number[] = [];
  for (let time = 0; time <= TIMES; time++)
    empty.push(
      await inFreshBrowser(browser, context, async (page) => {
        await page.goto(`${address}/nothing`, { waitUntil: 'commit' });
        return timeInPage(page, null, 'document.body !== null');
      }),
    );
  figures.push({ what: 'a page of one line: first frame', values: empty.slice(1), unit: 'ms', limit: null });
  for (const [view, isThere] of Object.entries(DATA)) {
    const [shell, data, again]: [number[], number[], number[]] = [[], [], []];
    const files = new Set<string>();
    for (let time = 0; time <= TIMES; time++) {
      await inFreshBrowser(browser, context, async (page) => {
        let isFirst = true;
        page.on('response', (response) => isFirst && files.add(new URL(response.url()).pathname));
        const open = async (): Promise<number> => {
          await page.goto(`${address}/#/${PATHS[view]}`, { waitUntil: 'commit' });
          return timeInPage(page, null, isThere);
        };
        data.push(await open());
        isFirst = false;
        shell.push(await firstContent(page));
        // What is loaded once the view is drawn would be among what comes again.
        await delay(SETTLE_MS);
        await page.goto('about:blank');
        again.push(await open());
      });
    }
    // The first one warms up the server.
    figures.push(
      { what: `${view}: first paint`, values: shell.slice(1), unit: 'ms', limit: FIRST_PAINT_MS },
      { what: `${view}: first paint with data`, values: data.slice(1), unit: 'ms', limit: FIRST_PAINT_MS },
      { what: `${view}: with data, for the second time`, values: again.slice(1), unit: 'ms', limit: FIRST_PAINT_MS },
      sizeOfAssets(view, files),
    );
  }
  return figures;
}

async function inFreshBrowser<T>(browser: Browser, context: BrowserContext, measure: (page: Page) => Promise<T>): Promise<T> {
  const own = await browser.newContext({ storageState: await context.storageState(), viewport: { width: 1440, height: 900 } });
  try {
    return await measure(await own.newPage());
  } finally {
    await own.close();
  }
}

function firstContent(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // Data may be there before the first frame is.
        new PerformanceObserver((list, observer) => {
          const [entry] = list.getEntriesByName('first-contentful-paint');
          if (!entry) return;
          observer.disconnect();
          resolve(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

function sizeOfAssets(view: string, paths: ReadonlySet<string>): Figure {
  const assets = [...paths].filter((path) => /\.(js|css)$/.test(path));
  const bytes = assets.reduce((sum, path) => sum + gzipSync(readFileSync(join(ASSETS, path)), { level: 9 }).length, 0);
  return {
    what: `${view}: JavaScript and CSS, gzipped`,
    values: [bytes / 1000],
    unit: 'kB',
    limit: ASSET_KB,
    detail: `${assets.length} files`,
  };
}

export async function measureRuns(page: Page, address: string): Promise<Figure[]> {
  await open(page, address, 'runs');
  const rows = '[...document.querySelectorAll(\'[role=treegrid] tr[aria-rowindex] a[href^="#/runs/"]\')]';
  const search = await measureSearch(page, 'Search everything that ran', [
    ['scheduler:random', `${rows}.length > 3 && ${rows}.every((link) => link.textContent.startsWith('random'))`],
    ['"night 777"', `${rows}.length === 1 && ${rows}[0].textContent.trim().endsWith('777')`],
    ['', `document.querySelector('[role=treegrid]').getAttribute('aria-rowcount') > 900`],
  ]);
  const scrolling = await measureScrolling(page, '[role=treegrid]');
  const run = await page.evaluate<string>(`${rows}[0].getAttribute('href')`);
  await page.goto(`${address}/${run}?tab=tasks`);
  await timeInPage(page, null, `document.querySelector('${TASKS}')?.getAttribute('aria-rowcount') > 500`);
  await delay(SETTLE_MS);
  const tasks = await measureScrolling(page, TASKS);
  return [
    { what: 'Runs: search, from the key to the rows', values: search, unit: 'ms', limit: SEARCH_MS },
    longTasks('Runs: tasks over 50 ms while scrolling', scrolling),
    longTasks('Tasks of a run: tasks over 50 ms while scrolling', tasks),
  ];
}

export async function measureGallery(page: Page, address: string): Promise<Figure[]> {
  await open(page, address, 'gallery');
  const session = await page.context().newCDPSession(page);
  const jumps: number[] = [];
  for (const share of [0.5, 0.97, 0.21, 0.73, 0.36]) {
    jumps.push(await timeInPage(page, `const box = ${GALLERY}; box.scrollTop = box.scrollHeight * ${share}`, TILES_THERE));
  }
  const count = "Number(document.querySelector('main [role=status]').textContent.replace(/\\D/g, ''))";
  await timeInPage(page, `${GALLERY}.scrollTop = 0`, TILES_THERE);
  const search = await measureSearch(page, 'Search prompts', [
    ['dog frisbee', `${TILES_THERE} && ${count} > 0 && ${count} < 5000`],
    ['"dog park"', `${TILES_THERE} && document.querySelector('ul[aria-label=Images] button').ariaLabel.includes('dog park')`],
    ['', `${TILES_THERE} && ${count} > 40000`],
  ]);
  const scrolling = await measureScrolling(page, 'ul[aria-label=Images]');
  await timeInPage(page, `${GALLERY}.scrollTop = 0`, TILES_THERE);
  const before = await heapBytes(session);
  const steps = 400;
  for (let step = 1; step <= 2 * steps; step++) {
    const share = step <= steps ? step / steps : 2 - step / steps;
    await timeInPage(page, `const box = ${GALLERY}; box.scrollTop = (box.scrollHeight - box.clientHeight) * ${share}`, TILES_THERE);
  }
  const after = await heapBytes(session);
  await session.detach();
  return [
    { what: 'Gallery: jump, until the tiles on screen are there', values: jumps, unit: 'ms', limit: JUMP_MS },
    { what: 'Gallery: search, from the key to the tiles', values: search, unit: 'ms', limit: SEARCH_MS },
    longTasks('Gallery: tasks over 50 ms while scrolling', scrolling),
    {
      ...{ what: 'Gallery: heap after a walk to its end and back', values: [(100 * after) / before], unit: '%', limit: HEAP_PERCENT },
      detail: `${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB after`,
    },
  ];
}

/** While a run is live: on its own page, in the list, and on the first page. */
export async function measureLive(page: Page, address: string, runPath: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, path] of [
    ['the board of the run', runPath],
    ['Runs', 'runs'],
    ['Overview', ''],
  ] as const) {
    await page.goto(`${address}/#/${path}`);
    // What opening the view takes is another figure.
    await delay(2500);
    await watchLongTasks(page);
    await delay(LIVE_MS);
    figures.push(longTasks(`A run is live: tasks over 50 ms in 10 s of ${name}`, await takeLongTasks(page)));
  }
  return figures;
}

async function open(page: Page, address: string, view: string): Promise<void> {
  await page.goto(`${address}/#/${view}`);
  await timeInPage(page, null, DATA[view] ?? 'true');
  await delay(500);
}

async function measureSearch(page: Page, label: string, queries: readonly (readonly [string, string])[]): Promise<number[]> {
  const field = `document.querySelector('main [aria-label="${label}"]')`;
  const values: number[] = [];
  for (let time = 0; time < 2; time++) {
    for (const [query, isThere] of queries) {
      const act = `const field = ${field}; field.focus(); field.value = ${JSON.stringify(query)}; field.dispatchEvent(new InputEvent('input', { bubbles: true }))`;
      values.push(await timeInPage(page, act, isThere));
      await delay(400);
    }
  }
  return values;
}

async function measureScrolling(page: Page, selector: string): Promise<number[]> {
  // The suggestions of a search field would lie over it.
  await page.evaluate('document.activeElement.blur()');
  const box = await page
    .locator(selector)
    .first()
    .evaluate((list) => {
      const { left, top, height } = (list.parentElement ?? list).getBoundingClientRect();
      return { x: left + 200, y: top + height / 2 };
    });
  await page.mouse.move(box.x, box.y);
  await watchLongTasks(page);
  const endMs = performance.now() + SCROLL_MS;
  for (let turn = 0; performance.now() < endMs; turn++) {
    await page.mouse.wheel(0, turn % 60 < 45 ? 400 : -400);
    await delay(16);
  }
  return takeLongTasks(page);
}

function longTasks(what: string, tasks: readonly number[]): Figure {
  const detail = tasks.length > 0 ? `longest ${Math.round(Math.max(...tasks))} ms, median ${Math.round(median(tasks))} ms` : '';
  return { what, values: [tasks.length], unit: 'tasks', limit: 0, detail };
}
