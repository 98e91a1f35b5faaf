// How soon the desktop window answers while a run keeps the core busy: how late main's timers come, how late the page hears a key, and when it
// shows what came of it. Of main it is distinguished what the process itself was busy with and what it waited for a processor, since on a
// machine with less processors than work the second is the machine's. Prints figures and asserts nothing of them, because machines are
// noisy. `npm run bench:desktop`, with an Electron as for the desktop tests.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { desktopOfWorker } from '../../support/desktop-of-worker.js';
import { openDesktop } from '../../support/open-desktop.js';
import type { OpenDesktop } from '../../support/open-desktop.js';
import { chooseDatasetFile, createVirtualTestbed, fillNewRun, provision, untilReady, untilRunIs } from '../../support/window-steps.js';

const TASKS = 1000;
const TIME_SCALE = 200;
const KEY_EVERY_MS = 250;

/** One look of main at itself: how late its timer came, and what of that time it computed and what it waited for a processor. */
interface MainSample {
  lateMs: number;
  busyMs: number;
  waitedMs: number;
}

interface KeySample {
  /** From the event of the window system to the page's listener, and to the frame that shows what the listener changed. */
  heardMs: number;
  shownMs: number;
}

let dataDir: string;
let desktop: OpenDesktop;
let keyboard: ChildProcess | null = null;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-bench-'));
  desktop = await openDesktop({ dataDir });
});

afterEach(async () => {
  keyboard?.kill();
  await desktop.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it(`main and window during a run of ${TASKS} at x${TIME_SCALE}`, async () => {
  const { page } = desktop;
  await createVirtualTestbed(page, { name: 'Lab', nodes: 5, timeScale: TIME_SCALE });
  await provision(page);
  await untilReady(page);
  const captions = Array.from({ length: TASKS }, (_, index) => `A dog runs over field ${index + 1}`).join('\n');
  const dialog = await chooseDatasetFile(page, { name: 'captions.txt', mimeType: 'text/plain', buffer: Buffer.from(captions) });
  await dialog.getByRole('button', { name: /^Import/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await fillNewRun(page, { name: 'Busy', count: TASKS });
  await startRun(page);
  await untilRunIs(page, 'Running');

  await watchMain();
  await watchLongTasks(page);
  await listenForKeys(page);
  // Without a window manager no one gives the window the keyboard.
  await press('search', '--onlyvisible', '--name', await page.title(), 'windowfocus', '--sync');
  let hasEnded = false;
  const ending = untilRunIs(page, 'Succeeded').then(() => (hasEnded = true));
  while (!hasEnded) {
    // One program that stays, since the start of another would be measured with each key.
    await press('key', 'a');
    await delay(KEY_EVERY_MS);
  }
  await ending;
  const main = await readMain();
  const keys = await readKeys(page);
  const longTasks = await page.evaluate(() => (globalThis as { longTasksMs?: number[] }).longTasksMs ?? []);
  const late = main.filter(({ lateMs }) => lateMs > 20);
  const rows = {
    electron: desktopOfWorker().electronVersion,
    'main, event-loop delay ms (wanted: p99 under 20)': summary(main.map(({ lateMs }) => lateMs)),
    'main, of that computing': summary(main.map(({ busyMs }) => busyMs)),
    'main, of that waiting for a processor': summary(main.map(({ waitedMs }) => waitedMs)),
    'main, delay without the waiting': summary(main.map(({ lateMs, waitedMs }) => Math.max(0, lateMs - waitedMs))),
    'main, samples over 20 ms': {
      count: late.length,
      of: main.length,
      waitedMs: sum(late, 'waitedMs'),
      busyMs: sum(late, 'busyMs'),
      lateMs: sum(late, 'lateMs'),
    },
    'key heard, ms after its event (wanted: 50)': summary(keys.map(({ heardMs }) => heardMs)),
    'key shown, ms after its event': summary(keys.map(({ shownMs }) => shownMs)),
    keys: keys.length,
    'page, tasks of more than 50 ms': { count: longTasks.length, ...summary(longTasks) },
  };
  console.log(JSON.stringify(rows, null, 2));
  expect(keys.length).toBeGreaterThan(10);
});

/** On a machine that can't keep up with the run it is started all the same: that is what is measured here. */
async function startRun(page: Page): Promise<void> {
  const allTheSame = page.getByLabel('Start it all the same; it will be invalid');
  const start = page.getByRole('button', { name: 'Start run' });
  await Promise.race([allTheSame.waitFor(), page.locator('button:enabled', { hasText: 'Start run' }).waitFor()]);
  if (await allTheSame.isVisible()) await allTheSame.check();
  await start.click();
}

/** What a timer of 5 ms comes late is what a key waits at the most. Linux tells of a thread what it computed and what it waited. */
function watchMain(): Promise<void> {
  return desktop.app.evaluate(() => {
    const { readFileSync } =
      process.getBuiltinModule?.('node:fs') ?? (process as unknown as { mainModule: NodeJS.Module }).mainModule.require('node:fs');
    const read = (): number[] => readFileSync('/proc/self/schedstat', 'latin1').split(' ').map(Number);
    const watched = globalThis as { samples?: MainSample[] };
    const samples: MainSample[] = (watched.samples = []);
    let last = performance.now();
    let [busyNs = 0, waitedNs = 0] = read();
    setInterval(() => {
      const now = performance.now();
      const [busyNowNs = 0, waitedNowNs = 0] = read();
      samples.push({ lateMs: Math.max(0, now - last - 5), busyMs: (busyNowNs - busyNs) / 1e6, waitedMs: (waitedNowNs - waitedNs) / 1e6 });
      [last, busyNs, waitedNs] = [now, busyNowNs, waitedNowNs];
    }, 5);
  });
}

function watchLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const longTasksMs: number[] = ((globalThis as { longTasksMs?: number[] }).longTasksMs = []);
    new PerformanceObserver((list) => longTasksMs.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
}

function readMain(): Promise<MainSample[]> {
  return desktop.app.evaluate(() => (globalThis as { samples?: MainSample[] }).samples ?? []);
}

/** Each key changes the page. Its event carries the window system's time, on the clock of `performance`. */
function listenForKeys(page: Page): Promise<void> {
  return page.evaluate(() => {
    const keys: KeySample[] = ((globalThis as { keys?: KeySample[] }).keys = []);
    const shown = document.body.appendChild(document.createElement('output'));
    shown.style.cssText = 'position: fixed; right: 0; bottom: 0; z-index: 99';
    addEventListener(
      'keydown',
      (event) => {
        const heardMs = performance.now() - event.timeStamp;
        shown.textContent = String(keys.length);
        // What is posted in a frame's own callback comes after that frame has been painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => keys.push({ heardMs, shownMs: performance.now() - event.timeStamp });
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
}

function readKeys(page: Page): Promise<KeySample[]> {
  return page.evaluate(() => (globalThis as { keys?: KeySample[] }).keys ?? []);
}

/** Gives xdotool one more line. */
async function press(...words: string[]): Promise<void> {
  keyboard ??= spawn('xdotool', ['-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, DISPLAY: desktopOfWorker().env['DISPLAY'] ?? process.env['DISPLAY'] },
  });
  const line = `${words.map((word) => `'${word}'`).join(' ')}\n`;
  if (keyboard.stdin?.write(line) === false) await once(keyboard.stdin, 'drain');
}

function sum(samples: MainSample[], what: keyof MainSample): number {
  return Math.round(samples.reduce((total, sample) => total + sample[what], 0));
}

function summary(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
