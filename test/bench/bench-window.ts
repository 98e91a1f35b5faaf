// `npm run bench:window [-- RUNS TASKS IMAGES NODES]`: how fast the window is over a lab's year of data, in a browser, each figure beside its
// limit. The data folder is made once and kept in .cache. Measures and prints, asserts nothing, because machines are noisy.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../support/find-tools.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { startProgram } from '../support/program.js';
import { fillNewRun, untilRunIs } from '../support/window-steps.js';
import { type Figure, isOver, printFigure } from './window/limits.js';
import { LIVE_TASKS, makeWindowData, removeRunsSince } from './window/make-data.js';
import { measureFirstPaint, measureGallery, measureLive, measureRuns } from './window/measure-window.js';

const [runs = 1000, tasksPerRun = 1000, images = 50_000, nodes = 50] = process.argv.slice(2).map(Number);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(', ');

async function main(): Promise<void> {
  if (!findChromium()) throw new Error('No Chromium here: install one, or name it in DEDGEAI_CHROMIUM.');
  const dataDir = join(import.meta.dirname, '../../.cache/bench-window', `${runs}x${tasksPerRun}-${images}-${nodes}`);
  say(`Over ${runs} runs of ${tasksPerRun} tasks, ${images} images and ${nodes} nodes, in ${dataDir}. Made where it is not there yet...`);
  await makeWindowData(dataDir, { runs, tasksPerRun, images, nodes });
  const startedAtMs = Date.now();
  const figures: Figure[] = [];
  const keep = (more: readonly Figure[]): void => {
    more.forEach(printFigure);
    figures.push(...more);
  };
  const [program, browser] = await Promise.all([startProgram(dataDir), launchBrowser()]);
  try {
    const { page } = await openPage(browser, program.url);
    await page.setViewportSize({ width: 1440, height: 900 });
    const address = new URL(program.url).origin;
    say(`Load of the machine: ${load()}`);
    keep(await measureFirstPaint({ browser, context: page.context(), address }));
    keep(await measureRuns(page, address));
    keep(await measureGallery(page, address));
    await page.goto(`${address}/#/`);
    await fillNewRun(page, { name: 'Live', count: LIVE_TASKS });
    await page.getByRole('button', { name: 'Start run', disabled: false }).click();
    await untilRunIs(page, 'Running');
    keep(await measureLive(page, address, new URL(page.url()).hash.slice(2)));
    say(`Load of the machine: ${load()}`);
  } finally {
    await browser.close();
    await program.stop();
    removeRunsSince(dataDir, startedAtMs);
  }
  const over = figures.filter(isOver);
  say(over.length === 0 ? 'All within their limits.' : `Over their limits: ${over.map(({ what }) => what).join('; ')}.`);
}

await main();
