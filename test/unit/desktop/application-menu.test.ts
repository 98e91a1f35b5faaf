import { describe, expect, it, vi } from 'vitest';
import { aboutBox } from '../../../src/main/shells/electron/about.js';
import { menuTemplate, type MenuCommands } from '../../../src/main/shells/electron/application-menu.js';
import { WINDOW_COMMANDS, type WindowCommand } from '../../../src/shared/window-commands.js';
import { zoomBy } from '../../../src/main/shells/electron/zoom.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

interface Item {
  label?: string;
  role?: string;
  accelerator?: string;
  visible?: boolean;
  click?: () => void;
  submenu?: Item[];
}

const asked: string[] = [];
const commands: MenuCommands = {
  reload: () => void asked.push('reload'),
  zoomBy: (steps) => void asked.push(`zoom ${steps}`),
  resetZoom: () => void asked.push('zoom 0'),
  goTo: (path) => void asked.push(`go ${path}`),
  runInPage: (id) => void asked.push(`run ${id}`),
  openDocumentation: () => void asked.push('documentation'),
  openDataFolder: () => void asked.push('data folder'),
  showAbout: () => void asked.push('about'),
  quit: () => void asked.push('quit'),
};
const template = (platform: NodeJS.Platform = 'linux'): Item[] => menuTemplate(platform, commands) as Item[];
const items = (platform?: NodeJS.Platform): Item[] => template(platform).flatMap(({ submenu }) => submenu ?? []);
const press = (accelerator: string): string | undefined => {
  items()
    .find((item) => item.accelerator === accelerator)
    ?.click?.();
  return asked.pop();
};

describe('the menu', () => {
  it.each([
    ['F5', 'reload'],
    ['CommandOrControl+R', 'reload'],
    ['CommandOrControl+=', 'zoom 1'],
    ['CommandOrControl+Plus', 'zoom 1'],
    ['CommandOrControl+numadd', 'zoom 1'],
    ['CommandOrControl+-', 'zoom -1'],
    ['CommandOrControl+0', 'zoom 0'],
    ['CommandOrControl+N', 'go /runs/new'],
    ['CommandOrControl+K', 'run palette'],
    ['CommandOrControl+B', 'run navigation'],
    ['CommandOrControl+Q', 'quit'],
    ['F1', 'documentation'],
  ])('has %s', (accelerator, command) => expect(press(accelerator)).toBe(command));

  it('has no key twice', () => {
    const keys = items().flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('shows each command once', () => {
    const labels = items().flatMap(({ label, visible = true }) => (visible && label ? [label] : []));
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('has help: shortcuts, guide, setup steps, documentation, data folder, diagnostics, about', () => {
    const help = template().find(({ role }) => role === 'help')?.submenu ?? [];
    for (const item of help) item.click?.();
    expect(asked.splice(0)).toEqual([
      'run help',
      'go /guide',
      'run tour',
      'go /?steps=all',
      'documentation',
      'data folder',
      'go /settings?tab=doctor',
      'about',
    ]);
  });

  it('has every command of the window that belongs into a menu, with its keys', () => {
    const labels = items().map(({ label }) => label);
    expect(labels).toContain('Go to Table V  (g v)');
    expect(labels).toContain('New run  (n)');
    const expected = WINDOW_COMMANDS.filter((command: WindowCommand) => command.menu !== undefined);
    const missing = expected.filter(({ label }) => !labels.some((shown) => shown?.startsWith(label)));
    expect(missing).toEqual([]);
  });

  it('leaves Quit to the menu of the application on macOS', () => {
    expect(template('darwin')[0]?.role).toBe('appMenu');
    expect(items('darwin').some(({ label }) => label === '&Quit')).toBe(false);
  });
});

describe('zoomBy', () => {
  it('goes by steps within its ends', () => {
    expect(zoomBy(0, 1)).toBe(0.5);
    expect(zoomBy(0.5, -1)).toBe(0);
    expect(zoomBy(5, 1)).toBe(5);
    expect(zoomBy(-3, -1)).toBe(-3);
  });
});

describe('the box about the program', () => {
  it('names the versions that a report needs, and the license', () => {
    const box = aboutBox({ version: '1.2.3', dataDir: '/data', versions: { node: '24.1.0', electron: '45.4.1', chrome: '156.0' } });
    expect(box.message).toContain('1.2.3');
    for (const word of ['Electron 45.4.1', 'Chromium 156.0', 'Node.js 24.1.0', '/data', 'MIT']) expect(box.detail).toContain(word);
  });
});
