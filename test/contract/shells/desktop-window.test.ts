// What the desktop window does natively, with a stand-in for the `electron` module and for the core's process.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CoreSupervisor } from '../../../src/main/shells/electron/core-supervisor.js';
import { createDesktopShell, type DesktopShell } from '../../../src/main/shells/electron/desktop-shell.js';
import { SHELL_CHANNEL } from '../../../src/shared/api/desktop-bridge.js';
import type { DesktopBridge } from '../../../src/shared/api/desktop-bridge.js';
import { buildActivity } from '../../support/activity-fixtures.js';
import { coreStandIn } from '../../support/core-stand-in.js';
import * as electron from '../../support/electron-stand-in.js';
import { standInServices, type StandInServices } from '../../support/stand-in-services.js';
import { eventually } from '../../support/until.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

const NO_PROTECTION = {
  describe: () => Promise.resolve({ isUsable: false, description: 'None here.' }),
  encrypt: () => Promise.reject(new Error('None here.')),
  decrypt: () => Promise.reject(new Error('None here.')),
};
const SHA = 'a'.repeat(64);

let folder: string;
let services: StandInServices;
let supervisor: CoreSupervisor;
let shell: DesktopShell;
let problems: string[];
let quits: number;

async function start(): Promise<void> {
  const onProblem = (message: string): void => void problems.push(message);
  const core = coreStandIn({ services, endpoint: { socketPath: '/nowhere', token: 'none' }, onProblem });
  supervisor = new CoreSupervisor({ launch: core.launch, protection: NO_PROTECTION, onProblem });
  const paths = { rendererDir: folder, preloadPath: '/preload.cjs', programDir: folder, resourcesDir: folder };
  shell = createDesktopShell({ core: supervisor, paths, dataDir: folder, windowDir: folder, quit: () => quits++, onProblem });
  await Promise.all([supervisor.start(), shell.show()]);
}

/** The program ends; what is in the folder stays. */
async function stop(): Promise<void> {
  shell.closing.release();
  for (const window of electron.BrowserWindow.getAllWindows()) window.close();
  await supervisor.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-window-'));
  services = standInServices();
  problems = [];
  quits = 0;
  electron.questions.length = 0;
  electron.notices.length = 0;
  electron.nativeTheme.themeSource = 'system';
  electron.nativeTheme.isSystemDark = false;
  electron.Tray.isPossible = true;
  await start();
  await import('../../../src/preload/index.js');
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const main = (): electron.BrowserWindow =>
  electron.BrowserWindow.getAllWindows().find((window) => window.options.webPreferences['preload'] !== undefined)!;
const imageWindows = (): electron.BrowserWindow[] => electron.BrowserWindow.getAllWindows().filter((window) => window !== main());
const sendTheme = (theme: unknown): void =>
  electron.sendFrom(main().webContents, main().webContents.mainFrame, SHELL_CHANNEL, { kind: 'theme', theme });
const asked = async (): Promise<(typeof electron.questions)[number]> => {
  await eventually(() => expect(electron.questions.length).toBeGreaterThan(0));
  return electron.questions.shift()!;
};
const memory = (): { theme: string; zoomLevel: number; places: { place: unknown }[] } =>
  JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8')) as never;
const command = (label: string): void =>
  electron.menuBar.flatMap(({ submenu }) => submenu ?? []).find((item) => item.label?.replace('&', '') === label)!.click!();

describe('the theme', () => {
  it('of the page becomes the native one', () => {
    expect(main().options.backgroundColor).toBe('#f3f5f7');
    (electron.exposed['dedgeai'] as DesktopBridge).notifyShell({ kind: 'theme', theme: 'dark' });
    electron.nativeTheme.emit('updated');
    expect(electron.nativeTheme.themeSource).toBe('dark');
    expect(main().backgroundColor).toBe('#0f1317');
  });

  it('is there before the page is, at the next start', async () => {
    sendTheme('dark');
    await stop();
    electron.nativeTheme.themeSource = 'system';
    await start();
    expect(electron.nativeTheme.themeSource).toBe('dark');
    expect(main().options.backgroundColor).toBe('#0f1317');
  });

  it('follows a system that turns dark, unless another was chosen', () => {
    electron.nativeTheme.turnSystem(true);
    expect(main().backgroundColor).toBe('#0f1317');
    sendTheme('light');
    electron.nativeTheme.turnSystem(true);
    expect(main().backgroundColor).toBe('#f3f5f7');
  });

  it.each([['purple'], [null], [{ length: 1 }]])('is not %j', (theme) => {
    sendTheme(theme);
    expect(problems).toHaveLength(1);
    expect(electron.nativeTheme.themeSource).toBe('system');
  });

  it('is heard from the window’s own page only', () => {
    electron.sendFrom(main().webContents, { url: 'dedgeai://app/' }, SHELL_CHANNEL, { kind: 'theme', theme: 'dark' });
    electron.sendFrom(new electron.WebContents(), main().webContents.mainFrame, SHELL_CHANNEL, { kind: 'theme', theme: 'dark' });
    expect(electron.nativeTheme.themeSource).toBe('system');
    expect(problems).toHaveLength(1);
  });
});

describe('what the window remembers', () => {
  it('is where it was, how large, and how far it was zoomed', async () => {
    main().bounds = { x: 50, y: 60, width: 1000, height: 700 };
    main().maximized = true;
    command('Zoom In');
    await stop();
    await start();
    expect(main().bounds).toEqual({ x: 50, y: 60, width: 1000, height: 700 });
    expect(main().isMaximized()).toBe(true);
    expect(main().webContents.zoomLevel).toBe(0.5);
  });

  it('is kept at the end of the program, which closes no window', () => {
    main().bounds = { x: 51, y: 60, width: 1000, height: 700 };
    electron.app.emit('before-quit', { preventDefault: () => undefined });
    expect(memory().places.at(-1)?.place).toMatchObject({ x: 51 });
  });

  it.each([
    ['torn', '{"version": 1, "the'],
    ['of another kind', '{"version": 1, "theme": "purple", "zoomLevel": 0, "places": []}'],
    ['of a newer program', '{"version": 2}'],
    ['huge', `"${'x'.repeat(100_000)}"`],
  ])('is as at the first start when its file is %s, and says so', async (_how, text) => {
    await stop();
    problems = [];
    writeFileSync(join(folder, 'window.json'), text);
    await start();
    expect(main().bounds).toMatchObject({ width: 1360, height: 880 });
    expect(problems).toEqual([expect.stringContaining('window.json')]);
  });

  it('is no reason to fail where it cannot be written', () => {
    mkdirSync(join(folder, 'window.json.part'));
    sendTheme('dark');
    sendTheme('light');
    expect(problems).toEqual([expect.stringContaining("can't be kept")]);
    expect(existsSync(join(folder, 'window.json'))).toBe(false);
  });
});

describe('an image of the window’s own origin', () => {
  const openImage = (url = `dedgeai://app/images/${SHA}`): unknown => main().webContents.windowOpenHandler({ url });

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
    main().webContents.emit('context-menu', {}, { ...nothing, hasImageContents: false });
    expect(electron.shownMenus.pop()).toMatchObject([{ role: 'copy' }]);
  });

  it('is loaded again when it dies, and asked about when it dies again', async () => {
    main().webContents.die('killed');
    expect(main().webContents.asked).toEqual(['reload']);
    expect(problems).toHaveLength(1);
    main().webContents.die('oom');
    const { box, answer } = await asked();
    expect(box.detail).toContain('it ran out of memory (oom');
    expect(main().webContents.asked).toEqual(['reload']);
    answer('Reload');
    await eventually(() => expect(main().webContents.asked).toEqual(['reload', 'reload']));
  });

  it('lets the program be quit when it dies again', async () => {
    main().webContents.die();
    main().webContents.die();
    (await asked()).answer('Quit');
    await eventually(() => expect(quits).toBe(1));
  });

  it('that hangs is waited for, or ended and loaded again', async () => {
    main().emit('unresponsive');
    (await asked()).answer('Wait');
    await Promise.resolve();
    expect(main().webContents.asked).toEqual([]);
    await eventually(() => {
      main().emit('unresponsive');
      expect(electron.questions).toHaveLength(1);
    });
    (await asked()).answer('Reload');
    await eventually(() => expect(main().webContents.asked).toEqual(['reload']));
    // It was ended on purpose: dying once by itself is still the first time.
    main().webContents.die();
    expect(main().webContents.asked).toEqual(['reload', 'reload']);
    expect(electron.questions).toEqual([]);
  });

  it('is not asked about any more when it answers again', async () => {
    main().emit('unresponsive');
    const { box } = await asked();
    main().emit('responsive');
    expect(box.signal?.aborted).toBe(true);
  });

  it('cannot keep the window open by its beforeunload', () => {
    const preventDefault = vi.fn();
    main().webContents.emit('will-prevent-unload', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  it('is shown a view by the menu', async () => {
    command('New Run');
    await eventually(() => expect(main().webContents.getURL()).toBe('dedgeai://app/#/runs/new'));
  });
});

describe('closing the window', () => {
  it('closes at once where nothing continues', async () => {
    main().close();
    await eventually(() => expect(quits).toBe(1));
    expect(electron.questions).toEqual([]);
  });

  it('asks with counts where something does, and stays when that is the answer', async () => {
    services.going = [buildActivity()];
    main().close();
    const { box, answer, parent } = await asked();
    expect(box.message).toBe('1 run is in progress');
    expect(box.detail).toContain('53 of 200 tasks done');
    expect(parent).toBe(main());
    answer('Cancel');
    await eventually(() => expect(electron.questions).toEqual([]));
    expect(quits).toBe(0);
    expect(main().isVisible()).toBe(true);
  });

  it.each([
    ['Pause and Close', 'pause'],
    ['Stop and Close', 'stop'],
  ])('brings all to a stop first: %s', async (button, how) => {
    services.going = [buildActivity()];
    main().close();
    (await asked()).answer(button);
    await eventually(() => expect(quits).toBe(1));
    expect(services.settled).toEqual([how]);
    expect(main().isVisible()).toBe(false);
  });
});

describe('the program without a window', () => {
  const goToBackground = async (): Promise<void> => {
    services.going = [buildActivity()];
    main().close();
    (await asked()).answer('Keep Running in the Background');
    await eventually(() => expect(main().isVisible()).toBe(false));
  };

  it('has an icon whose menu says what is in progress', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.map(({ label }) => label)).toContain('Run “Batch”: 53 of 200 tasks done'));
    expect(electron.trays[0]!.toolTip).toContain('1 run');
  });

  it('comes back when it is started again, and its icon goes', async () => {
    await goToBackground();
    await shell.show();
    expect(main().isVisible()).toBe(true);
    expect(electron.trays).toEqual([]);
  });

  it('comes back where the desktop shows no icon, which is said', async () => {
    electron.Tray.isPossible = false;
    await goToBackground();
    expect(problems).toEqual([expect.stringContaining('start the program again')]);
    await shell.show();
    expect(main().isVisible()).toBe(true);
  });

  it('pauses and quits from its icon', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.length).toBeGreaterThan(0));
    electron.trays[0]!.menu.find(({ label }) => label === 'Pause and Quit')!.click!();
    await eventually(() => expect(quits).toBe(1));
    expect(services.settled).toEqual(['pause']);
  });

  it('tells what has ended, and nothing else', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.length).toBeGreaterThan(0));
    services.going = [];
    await eventually(() => expect(electron.notices).toHaveLength(1));
    expect(electron.notices[0]!.words.title).toContain('Run “Batch”');
    expect(quits).toBe(0);
    electron.notices[0]!.emit('click');
    expect(main().isVisible()).toBe(true);
  });
});

it('brings all to a pause when the system shuts down, asking nobody', async () => {
  services.going = [buildActivity()];
  const preventDefault = vi.fn();
  electron.powerMonitor.emit('shutdown', { preventDefault });
  expect(preventDefault).toHaveBeenCalled();
  await eventually(() => expect(quits).toBeGreaterThan(0));
  expect(services.settled).toContain('pause');
});
