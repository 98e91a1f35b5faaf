// The menu bar. `menuTemplate` is pure; several keys for one command are several items, of which one is seen.
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import { WINDOW_COMMANDS, type WindowCommand } from '../../../shared/window-commands.js';

export interface MenuCommands {
  reload(): void;
  zoomBy(steps: number): void;
  resetZoom(): void;
  /** Opens the page that shows a view of the window. */
  goTo(path: string): void;
  /** Shows the window and lets its page run one of its commands. */
  runInPage(id: string): void;
  openDocumentation(): void;
  openDataFolder(): void;
  showAbout(): void;
  /** Asks what is to become of what is in progress. */
  quit(): void;
}

export function menuTemplate(platform: NodeJS.Platform, commands: MenuCommands): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(isMac, commands) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu(commands) },
    { label: '&Go', submenu: ofWindow('go', commands) },
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: helpMenu(commands) },
  ];
}

/** Needs Electron ready. */
export function setApplicationMenu(commands: MenuCommands, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, commands)));
}

function fileMenu(isMac: boolean, commands: MenuCommands): MenuItemConstructorOptions[] {
  return [
    ...ofWindow('file', commands),
    hidden('New run', 'CommandOrControl+N', () => commands.goTo('/runs/new')),
    { type: 'separator' },
    { role: 'close' },
    ...(isMac ? [] : [{ label: '&Quit', accelerator: 'CommandOrControl+Q', click: commands.quit }]),
  ];
}

function viewMenu(commands: MenuCommands): MenuItemConstructorOptions[] {
  const { reload, zoomBy, resetZoom } = commands;
  return [
    ...ofWindow('view', commands),
    { type: 'separator' },
    { label: '&Reload', accelerator: 'F5', click: reload },
    hidden('Reload', 'CommandOrControl+R', reload),
    { type: 'separator' },
    { label: 'Zoom &In', accelerator: 'CommandOrControl+Plus', click: () => zoomBy(1) },
    // The plus of most keyboards is Shift and the equals sign.
    hidden('Zoom In', 'CommandOrControl+=', () => zoomBy(1)),
    hidden('Zoom In', 'CommandOrControl+numadd', () => zoomBy(1)),
    { label: 'Zoom &Out', accelerator: 'CommandOrControl+-', click: () => zoomBy(-1) },
    hidden('Zoom Out', 'CommandOrControl+numsub', () => zoomBy(-1)),
    { label: '&Actual Size', accelerator: 'CommandOrControl+0', click: resetZoom },
    hidden('Actual Size', 'CommandOrControl+num0', resetZoom),
    { type: 'separator' },
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools' },
  ];
}

function helpMenu(commands: MenuCommands): MenuItemConstructorOptions[] {
  const { goTo, openDocumentation, openDataFolder, showAbout } = commands;
  return [
    ...ofWindow('help', commands),
    { type: 'separator' },
    { label: '&Documentation', accelerator: 'F1', click: openDocumentation },
    { label: 'Open &Data Folder', click: openDataFolder },
    { label: 'D&iagnostics', click: () => goTo('/settings?tab=doctor') },
    { type: 'separator' },
    { label: '&About DEdgeAI Control Center', click: showAbout },
  ];
}

/** The window's commands of one menu. Keys that need no Ctrl are the page's: a menu would take them from its fields. */
function ofWindow(menu: WindowCommand['menu'], { goTo, runInPage }: MenuCommands): MenuItemConstructorOptions[] {
  return WINDOW_COMMANDS.filter((command: WindowCommand) => command.menu === menu).map(({ id, label, keys, path }: WindowCommand) => {
    const accelerator = keys?.length === 1 && keys[0]?.startsWith('Ctrl+') ? keys[0].replace('Ctrl', 'CommandOrControl') : undefined;
    return {
      // Windows and Linux show no keys that are not accelerators: they stand behind the words.
      label: keys && !accelerator ? `${label}  (${keys.join(' ')})` : label,
      ...(accelerator && { accelerator }),
      click: () => (path === undefined ? runInPage(id) : goTo(path)),
    };
  });
}

function hidden(label: string, accelerator: string, click: () => void): MenuItemConstructorOptions {
  return { label, accelerator, click, visible: false, acceleratorWorksWhenHidden: true };
}
