// What the window of the desktop program does natively, in a real Electron: theme, place, menus, images, a page that dies, closing in a run.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { desktopOfWorker } from '../support/desktop-of-worker.js';
import { findXdotool } from '../support/find-tools.js';
import { openDesktop, type OpenDesktop } from '../support/open-desktop.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { until } from '../support/until.js';
import { goTo, heading, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

const xdotool = findXdotool();
const LONG_MS = 60_000;

let dataDir: string;
let desktop: OpenDesktop;
/** Messages of the dialogs that were put since `answerWith`. */
const questions = (): Promise<string[]> => desktop.app.evaluate(() => (globalThis as never as { questions: string[] }).questions);

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'desktop-window-'));
  await open();
  const { page } = desktop;
  await prepareRuns(page, { name: 'Lab', nodes: 2, timeScale: 2 });
  await startRun(page, { name: 'First', count: 1 });
  await untilRunIs(page, 'Succeeded');
  await desktop.close();
});

beforeEach(open);

afterEach(async () => {
  await desktop.app.evaluate(({ app }) => process.nextTick(() => app.exit(0))).catch(() => undefined);
  await ended();
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));

screenshotOnFailure(() => desktop?.page);

async function open(): Promise<void> {
  desktop = await openDesktop({ dataDir });
  await desktop.page.getByRole('status').getByText('Connected').waitFor({ timeout: LONG_MS });
}

/** The exit status, or the signal that ended it. */
async function ended(): Promise<number | string | null> {
  const { child } = desktop;
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

/** Every dialog from here on is answered by this button. */
function answerWith(button: string): Promise<void> {
  return desktop.app.evaluate(({ dialog }, requested) => {
    const asked: string[] = [];
    Object.assign(globalThis, { questions: asked });
    dialog.showMessageBox = (...parts: unknown[]) => {
      const box = parts.at(-1) as { message: string; buttons: string[] };
      asked.push(box.message);
      const response = box.buttons.indexOf(requested);
      if (response < 0) throw new Error(`No button ${requested} among ${box.buttons.join(', ')}`);
      return Promise.resolve({ response, checkboxChecked: false });
    };
  }, button);
}

/** As by the window's own button. */
function closeWindow(): Promise<void> {
  return desktop.app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0);
  });
}

function clickMenu(label: string): Promise<void> {
  return desktop.app.evaluate(({ Menu }, requested) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label.replace('&', '') === requested)?.click();
  }, label);
}

const isVisible = (): Promise<boolean> => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
const zoomLevel = (): Promise<number> =>
  desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getZoomLevel());

async function restart(): Promise<void> {
  await closeWindow();
  await ended();
  await open();
}

async function killPage(): Promise<void> {
  const pid = await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
  process.kill(pid, 'SIGKILL');
}

describe('the window', () => {
  it('has the background of the theme that was chosen, also at the next start', async () => {
    const native = (): Promise<string[]> =>
      desktop.app.evaluate(({ BrowserWindow, nativeTheme }) => [
        nativeTheme.themeSource,
        BrowserWindow.getAllWindows()[0]!.getBackgroundColor().toLowerCase(),
      ]);
    for (const [theme, color] of [
      ['dark', '#0f1317'],
      ['light', '#f3f5f7'],
    ] as const) {
      await desktop.page.evaluate((choice) => localStorage.setItem('dedgeai.theme', choice), theme);
      await desktop.page.reload();
      await until(async () => (await native()).join() === `${theme},${color}`);
      await restart();
      expect(await native()).toEqual([theme, color]);
    }
  });

  it('opens where it was and zoomed as it was; a page cannot keep it open', async () => {
    const bounds = { x: 40, y: 50, width: 1111, height: 777 };
    await desktop.app.evaluate(({ BrowserWindow }, requested) => BrowserWindow.getAllWindows()[0]!.setBounds(requested), bounds);
    await clickMenu('Zoom In');
    await goTo(desktop.page, 'Runs');
    await desktop.page.evaluate(() => window.addEventListener('beforeunload', (event) => event.preventDefault()));
    await restart();
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())).toEqual(bounds);
    expect(await zoomLevel()).toBe(0.5);
    await clickMenu('Actual Size');
    expect(await zoomLevel()).toBe(0);
  });

  it('refuses to evaluate text as code', async () => {
    const refused = await desktop.page.evaluate(() => {
      const script = document.createElement('script');
      const later = setTimeout as unknown as (code: string) => void;
      const attempts = [() => later('window.hacked = 1'), () => (script.textContent = 'window.hacked = 1')];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'done';
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(refused).toEqual(['TypeError', 'TypeError']);
  });

  it('shows an image in a window of its own, one an image', async () => {
    const { app, page } = desktop;
    await goTo(page, 'Gallery');
    await page
      .getByRole('button', { name: /^Open image of task/ })
      .first()
      .click();
    const opened = app.waitForEvent('window');
    await page.getByTitle('Open in full size').click();
    const image = await opened;
    expect(image.url()).toMatch(/^dedgeai:\/\/app\/images\/[0-9a-f]{64}$/);
    const titles = (): Promise<string[]> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.getTitle()));
    expect(await titles()).toContain('DEdgeAI - image');
    await page.getByTitle('Open in full size').click();
    expect(await titles()).toHaveLength(2);
    // As large as the image, all of it to be seen.
    const sizes = (): Promise<number[]> =>
      image.evaluate(() => {
        const { x, y, width, height } = document.images[0]!.getBoundingClientRect();
        return [x, y, width, height, innerWidth, innerHeight];
      });
    await until(async () => (await sizes()).join() === '0,0,512,512,512,512');
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle().includes('image'))!
        .setContentSize(700, 400);
    });
    await until(async () => (await sizes()).join() === '0,0,700,400,700,400');
    // Playwright's own keys go past the browser's half of a window.
    await app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows().find((window) => window.getTitle().includes('image'))!;
      webContents.sendInputEvent({ type: 'keyDown', keyCode: 'Escape' });
    });
    await until(async () => (await titles()).length === 1);
  });

  it('loads a page again that was killed, and asks when it is killed again', async () => {
    const { app, page } = desktop;
    await answerWith('Reload');
    const titleIs = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!;
        return !webContents.isCrashed() && !webContents.isLoading() && webContents.getTitle().includes('DEdgeAI');
      });
    await heading(page, 'Overview').waitFor();
    await killPage();
    await until(() => Promise.resolve(desktop.output().includes('it is loaded again')));
    await until(titleIs);
    expect(await questions()).toEqual([]);
    await killPage();
    await until(async () => (await questions()).length > 0);
    expect(await questions()).toEqual(['The page of the window ended again']);
    await until(titleIs);
  });

  if (xdotool === null) process.stdout.write('Not run: keys of the menu bar, for want of xdotool.\n');
  else
    it('hears its keys: F5, Ctrl+=, Ctrl+-, Ctrl+0', async () => {
      const press = (key: string): void => void execFileSync(xdotool, ['key', key], { env: { ...process.env, ...desktopOfWorker().env } });
      await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.focus());
      for (const [key, level] of [
        ['ctrl+equal', 0.5],
        ['ctrl+plus', 1],
        ['ctrl+minus', 0.5],
        ['ctrl+0', 0],
      ] as const) {
        press(key);
        await until(async () => (await zoomLevel()) === level);
      }
      await desktop.page.evaluate(() => Object.assign(window, { isOld: true }));
      press('F5');
      await until(() => desktop.page.evaluate(() => !('isOld' in window)).catch(() => false));
    });
});

describe('closing the window during a run', () => {
  beforeEach(async () => {
    await startRun(desktop.page, { name: 'Going', count: 4 });
    await untilRunIs(desktop.page, 'Running');
  });

  const openRun = async (): Promise<void> => {
    await goTo(desktop.page, 'Runs');
    await desktop.page.getByRole('link', { name: 'Going' }).first().click();
  };

  it('asks, and keeps the window when that is the answer', async () => {
    await answerWith('Cancel');
    await closeWindow();
    await until(async () => (await questions()).length > 0);
    expect(await questions()).toEqual(['1 run is in progress']);
    expect(await isVisible()).toBe(true);
    await untilRunIs(desktop.page, 'Succeeded');
  });

  it('continues in the background, and comes back', async () => {
    await answerWith('Keep Running in the Background');
    await closeWindow();
    await until(async () => !(await isVisible()));
    await desktop.app.evaluate(({ app }) => app.emit('second-instance'));
    await until(isVisible);
    await untilRunIs(desktop.page, 'Succeeded');
    await desktop.page.getByText('Valid', { exact: true }).first().waitFor();
  });

  it('pauses the run, which is valid when it continues after the next start', async () => {
    await answerWith('Pause and Close');
    await closeWindow();
    expect(await ended()).toBe(0);
    await open();
    await openRun();
    await untilRunIs(desktop.page, 'Paused');
    await desktop.page.getByRole('button', { name: 'Resume', exact: true }).click();
    await untilRunIs(desktop.page, 'Succeeded');
    await desktop.page.getByText('Valid', { exact: true }).first().waitFor();
  });

  it('stops the run', async () => {
    await answerWith('Stop and Close');
    await closeWindow();
    expect(await ended()).toBe(0);
    await open();
    await openRun();
    await untilRunIs(desktop.page, 'Stopped');
  });
});
