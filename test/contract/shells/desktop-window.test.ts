// What the desktop window does natively, with a stand-in for the `electron` module and for the core's process.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SHELL_CHANNEL } from '../../../src/shared/api/desktop-bridge.js';
import type { DesktopBridge } from '../../../src/shared/api/desktop-bridge.js';
import { type DesktopWindowHarness, mainWindow, nextQuestion, openDesktopWindow } from '../../support/desktop-window-harness.js';
import * as electron from '../../support/electron-stand-in.js';
import { eventually } from '../../support/until.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

const SHA = 'a'.repeat(64);

let desktop: DesktopWindowHarness;

beforeEach(async () => {
  desktop = await openDesktopWindow();
});

afterEach(() => desktop.remove());

const imageWindows = (): electron.BrowserWindow[] => electron.BrowserWindow.getAllWindows().filter((window) => window !== mainWindow());
const sendTheme = (theme: unknown): void =>
  electron.sendFrom(mainWindow().webContents, mainWindow().webContents.mainFrame, SHELL_CHANNEL, { kind: 'theme', theme });
const memory = (): { theme: string; zoomLevel: number; places: { place: unknown }[] } =>
  JSON.parse(readFileSync(join(desktop.folder, 'window.json'), 'utf8')) as never;
const command = (label: string): void =>
  electron.menuBar.flatMap(({ submenu }) => submenu ?? []).find((item) => item.label?.replace('&', '') === label)!.click!();

describe('what is under way', () => {
  const bridge = (): DesktopBridge => electron.exposed['dedgeai'] as DesktopBridge;
  const notice = { kind: 'notice', id: 7, title: 'Run “Night” has ended', body: '1,000 images.', isEnd: true } as const;

  it('is in the task bar, and goes from there', () => {
    bridge().notifyShell({ kind: 'progress', state: 'going', fraction: 0.42 });
    expect(mainWindow().progress).toBe(0.42);
    bridge().notifyShell({ kind: 'progress', state: 'none', fraction: null });
    expect(mainWindow().progress).toBe(-1);
    expect(desktop.problems).toEqual([]);
  });

  it('is a notice of the system when it has ended; a click names it to the page', () => {
    const opened: number[] = [];
    const stop = bridge().onNoticeOpened((id) => opened.push(id));
    bridge().notifyShell(notice);
    expect(electron.notices).toHaveLength(1);
    const { focusCount } = mainWindow();
    electron.notices[0]!.emit('click');
    stop();
    electron.notices[0]!.emit('click');
    expect(opened).toEqual([7]);
    expect(mainWindow().focusCount).toBeGreaterThan(focusCount);
  });

  it('is no notice where the message is none', () => {
    electron.sendFrom(mainWindow().webContents, mainWindow().webContents.mainFrame, SHELL_CHANNEL, { ...notice, title: '' });
    electron.sendFrom(mainWindow().webContents, { url: 'https://evil.example/' }, SHELL_CHANNEL, notice);
    expect(electron.notices).toEqual([]);
    expect(desktop.problems).toHaveLength(2);
  });
});

describe('the theme', () => {
  it('of the page becomes the native one', () => {
    expect(mainWindow().options.backgroundColor).toBe('#f3f5f7');
    (electron.exposed['dedgeai'] as DesktopBridge).notifyShell({ kind: 'theme', theme: 'dark' });
    electron.nativeTheme.emit('updated');
    expect(electron.nativeTheme.themeSource).toBe('dark');
    expect(mainWindow().backgroundColor).toBe('#0f1317');
  });

  it('is there before the page is, at the next start', async () => {
    sendTheme('dark');
    await desktop.stop();
    electron.nativeTheme.themeSource = 'system';
    await desktop.start();
    expect(electron.nativeTheme.themeSource).toBe('dark');
    expect(mainWindow().options.backgroundColor).toBe('#0f1317');
  });

  it('follows a system that turns dark, unless another was chosen', () => {
    electron.nativeTheme.turnSystem(true);
    expect(mainWindow().backgroundColor).toBe('#0f1317');
    sendTheme('light');
    electron.nativeTheme.turnSystem(true);
    expect(mainWindow().backgroundColor).toBe('#f3f5f7');
  });

  it.each([['purple'], [null], [{ length: 1 }]])('is not %j', (theme) => {
    sendTheme(theme);
    expect(desktop.problems).toHaveLength(1);
    expect(electron.nativeTheme.themeSource).toBe('system');
  });

  it('is heard from the window’s own page only', () => {
    electron.sendFrom(mainWindow().webContents, { url: 'dedgeai://app/' }, SHELL_CHANNEL, { kind: 'theme', theme: 'dark' });
    electron.sendFrom(new electron.WebContents(), mainWindow().webContents.mainFrame, SHELL_CHANNEL, { kind: 'theme', theme: 'dark' });
    expect(electron.nativeTheme.themeSource).toBe('system');
    expect(desktop.problems).toHaveLength(1);
  });
});

describe('what the window remembers', () => {
  it('is where it was, how large, and how far it was zoomed', async () => {
    mainWindow().bounds = { x: 50, y: 60, width: 1000, height: 700 };
    mainWindow().maximized = true;
    command('Zoom In');
    await desktop.stop();
    await desktop.start();
    expect(mainWindow().bounds).toEqual({ x: 50, y: 60, width: 1000, height: 700 });
    expect(mainWindow().isMaximized()).toBe(true);
    expect(mainWindow().webContents.zoomLevel).toBe(0.5);
  });

  it('is kept at the end of the program, which closes no window', () => {
    mainWindow().bounds = { x: 51, y: 60, width: 1000, height: 700 };
    electron.app.emit('before-quit', { preventDefault: () => undefined });
    expect(memory().places.at(-1)?.place).toMatchObject({ x: 51 });
  });

  it.each([
    ['torn', '{"version": 1, "the'],
    ['of another kind', '{"version": 1, "theme": "purple", "zoomLevel": 0, "places": []}'],
    ['of a newer program', '{"version": 2}'],
    ['huge', `"${'x'.repeat(100_000)}"`],
  ])('is as at the first start when its file is %s, and says so', async (_how, text) => {
    await desktop.stop();
    desktop.problems = [];
    writeFileSync(join(desktop.folder, 'window.json'), text);
    await desktop.start();
    expect(mainWindow().bounds).toMatchObject({ width: 1360, height: 880 });
    expect(desktop.problems).toEqual([expect.stringContaining('window.json')]);
  });

  it('is no reason to fail where it cannot be written', () => {
    mkdirSync(join(desktop.folder, 'window.json.part'));
    sendTheme('dark');
    sendTheme('light');
    expect(desktop.problems).toEqual([expect.stringContaining("can't be kept")]);
    expect(existsSync(join(desktop.folder, 'window.json'))).toBe(false);
  });
});

describe('an image of the window’s own origin', () => {
  const openImage = (url = `dedgeai://app/images/${SHA}`): unknown => mainWindow().webContents.windowOpenHandler({ url });

  it('opens in a window of its own, which has no preload, no script and no way out', () => {
    expect(openImage()).toEqual({ action: 'deny' });
    const [image] = imageWindows();
    expect(image!.title).toBe('DEdgeAI - image');
    expect(image!.webContents.getURL()).toBe(`dedgeai://app/images/${SHA}`);
    expect(image!.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true, javascript: false });
    expect(image!.options.webPreferences).not.toHaveProperty('preload');
    expect(image!.webContents.windowOpenHandler({ url: 'https://arxiv.org/' })).toEqual({ action: 'deny' });
    const preventDefault = vi.fn();
    image!.webContents.emit('will-navigate', { preventDefault, url: 'dedgeai://app/' });
    expect(preventDefault).toHaveBeenCalled();
  });

  it('has one window, which comes to the front', () => {
    openImage();
    openImage(`dedgeai://app/thumbnails/${SHA}`);
    openImage(`dedgeai://app/images/${'b'.repeat(64)}`);
    expect(imageWindows().map((window) => window.focusCount)).toEqual([1, 0]);
  });

  it.each([
    [{ type: 'keyDown', key: 'Escape' }, 0],
    [{ type: 'keyDown', key: 'w', control: true }, 0],
    [{ type: 'keyDown', key: 'w' }, 1],
  ])('goes by its keys: %j leaves %d', (input, left) => {
    openImage();
    imageWindows()[0]!.webContents.emit('before-input-event', { preventDefault: () => undefined }, input);
    expect(imageWindows()).toHaveLength(left);
  });

  it.each(['dedgeai://app/', `dedgeai://app.evil.example/images/${SHA}`, `dedgeai://app/exports/${SHA}`])('is not %s', (url) => {
    openImage(url);
    expect(imageWindows()).toEqual([]);
  });
});

describe('the page', () => {
  it('pops up the menu of what was clicked', () => {
    const nothing = { x: 1, y: 2, isEditable: false, selectionText: 'words', linkURL: '', mediaType: 'none', srcURL: '', editFlags: {} };
    mainWindow().webContents.emit('context-menu', {}, { ...nothing, hasImageContents: false });
    expect(electron.shownMenus.pop()).toMatchObject([{ role: 'copy' }]);
  });

  it('is loaded again when it dies, and asked about when it dies again', async () => {
    mainWindow().webContents.die('killed');
    expect(mainWindow().webContents.asked).toEqual(['reload']);
    expect(desktop.problems).toHaveLength(1);
    mainWindow().webContents.die('oom');
    const { box, answer } = await nextQuestion();
    expect(box.detail).toContain('it ran out of memory (oom');
    expect(mainWindow().webContents.asked).toEqual(['reload']);
    answer('Reload');
    await eventually(() => expect(mainWindow().webContents.asked).toEqual(['reload', 'reload']));
  });

  it('lets the program be quit when it dies again', async () => {
    mainWindow().webContents.die();
    mainWindow().webContents.die();
    (await nextQuestion()).answer('Quit');
    await eventually(() => expect(desktop.quits).toBe(1));
  });

  it('that hangs is waited for, or ended and loaded again', async () => {
    mainWindow().emit('unresponsive');
    (await nextQuestion()).answer('Wait');
    await Promise.resolve();
    expect(mainWindow().webContents.asked).toEqual([]);
    await eventually(() => {
      mainWindow().emit('unresponsive');
      expect(electron.questions).toHaveLength(1);
    });
    (await nextQuestion()).answer('Reload');
    await eventually(() => expect(mainWindow().webContents.asked).toEqual(['reload']));
    // It was ended on purpose: dying once by itself is still the first time.
    mainWindow().webContents.die();
    expect(mainWindow().webContents.asked).toEqual(['reload', 'reload']);
    expect(electron.questions).toEqual([]);
  });

  it('is not asked about any more when it answers again', async () => {
    mainWindow().emit('unresponsive');
    const { box } = await nextQuestion();
    mainWindow().emit('responsive');
    expect(box.signal?.aborted).toBe(true);
  });

  it('cannot keep the window open by its beforeunload', () => {
    const preventDefault = vi.fn();
    mainWindow().webContents.emit('will-prevent-unload', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  it('is shown a view by the menu', async () => {
    command('New run');
    await eventually(() => expect(mainWindow().webContents.getURL()).toBe('dedgeai://app/#/runs/new'));
  });
});
