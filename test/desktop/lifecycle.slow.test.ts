// What becomes of the program when one of its processes ends, in a real Electron: core, main, a second instance, a request to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInstance } from '../../src/main/foundation/instance-file.js';
import { desktopOfWorker } from '../support/desktop-of-worker.js';
import { desktopArguments, openDesktop } from '../support/open-desktop.js';
import type { OpenDesktop } from '../support/open-desktop.js';
import { listProcessesWith, stillRunning } from '../support/processes.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { until } from '../support/until.js';
import { goTo, heading, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

/** How long the program may take to end, and a margin for a busy machine. */
const END_WITHIN_MS = 40_000;

let dataDir: string;
let desktop: OpenDesktop;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-life-'));
  desktop = await openDesktop({ dataDir });
  await untilConnected(desktop.page);
});

afterEach(async () => {
  await desktop.close();
  rmSync(dataDir, { recursive: true, force: true });
});

screenshotOnFailure(() => desktop?.page);

const untilConnected = (page: Page): Promise<void> => page.getByRole('status').getByText('Connected').waitFor({ timeout: 60_000 });
const pidOfCore = (): number => readInstance(dataDir)!.pid;

/** A testbed that is ready and a run of `count` tasks that continues. */
async function startRunOf(count: number): Promise<void> {
  const { page } = desktop;
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 100 });
  await startRun(page, { name: 'Cut', count });
  await untilRunIs(page, 'Running');
}

describe('the core', () => {
  it('is started again when it was killed; the window stays, says so, and the run continues to its end', async () => {
    await startRunOf(60);
    const killed = pidOfCore();
    process.kill(killed, 'SIGKILL');
    await desktop.page.getByRole('status').getByText('The core is being restarted').waitFor();
    await untilConnected(desktop.page);
    await untilRunIs(desktop.page, 'Succeeded');
    expect(pidOfCore()).not.toBe(killed);
  });

  it('that ends again and again leaves a page with the reason, from which it is started', async () => {
    const { page } = desktop;
    const stopped = page.getByText("The program's core has stopped");
    let last = -1;
    for (let ends = 0; ends < 4; ends++) {
      await until(() => readInstance(dataDir)?.endpoint !== undefined && pidOfCore() !== last);
      last = pidOfCore();
      await untilConnected(page);
      process.kill(last, 'SIGKILL');
      await page
        .getByRole('status')
        .getByText(ends < 3 ? 'The core is being restarted' : 'The core has stopped')
        .waitFor();
    }
    await stopped.waitFor();
    expect(await page.getByRole('alert').filter({ hasText: /./ }).innerText()).toContain('SIGKILL');
    await page.screenshot({ path: join(import.meta.dirname, '../../test-results/desktop-core-stopped.png') });
    await page.getByRole('button', { name: 'Start it again' }).click();
    await untilConnected(page);
    await heading(page, 'Overview').waitFor();
  });
});

describe('the main process', () => {
  it('that is killed takes core, nodes and agents with it; the run continues at the next start', async () => {
    await startRunOf(60);
    const started = listProcessesWith(dataDir);
    expect(started.length).toBeGreaterThan(3);
    desktop.app.process().kill('SIGKILL');
    await until(() => stillRunning(started).length === 0);

    desktop = await openDesktop({ dataDir });
    await goTo(desktop.page, 'Runs');
    await desktop.page.getByRole('link', { name: 'Cut', exact: true }).click();
    await untilRunIs(desktop.page, 'Succeeded');
  });

  it('that is asked to end by SIGTERM ends with status 0 and leaves no process', async () => {
    await startRunOf(60);
    const started = listProcessesWith(dataDir);
    const child = desktop.app.process();
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    const [code] = await Promise.race([ended, timeout()]);
    expect(code).toBe(0);
    await until(() => stillRunning(started).length === 0, END_WITHIN_MS);
  });
});

describe('a second start on the same data', () => {
  it('brings the window to the front, says so, and ends', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const { executablePath, cwd, env } = desktopOfWorker();
    const second = spawn(executablePath, desktopArguments(dataDir), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    second.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    const [code] = (await Promise.race([once(second, 'exit'), timeout()])) as [number | null];
    expect(code).toBe(4);
    expect(words).toContain('its window was brought to the front');
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    await until(() => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized() === false));
  });
});

function timeout(): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`It did not end within ${END_WITHIN_MS} ms`)), END_WITHIN_MS).unref(),
  );
}
