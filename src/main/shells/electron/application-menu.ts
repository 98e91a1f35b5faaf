// The menu bar. `menuTemplate` is pure; several keys for one command are several items, of which one is seen.
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuCommands {
  reload(): void;
  zoomBy(steps: number): void;
  resetZoom(): void;
  /** Opens the page that shows a view of the window. */
  goTo(path: string): void;
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
    { role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: helpMenu(commands) },
  ];
}

/** Needs Electron ready. */
export function setApplicationMenu(commands: MenuCommands, platform: NodeJS.Platform = process.platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(platform, commands)));
}

function fileMenu(isMac: boolean, { goTo, quit }: MenuCommands): MenuItemConstructorOptions[] {
  return [
    { label: '&New Run', accelerator: 'CommandOrControl+N', click: () => goTo('/runs/new') },
    { type: 'separator' },
    { role: 'close' },
    ...(isMac ? [] : [{ label: '&Quit', accelerator: 'CommandOrControl+Q', click: quit }]),
  ];
}

function viewMenu({ reload, zoomBy, resetZoom }: MenuCommands): MenuItemConstructorOptions[] {
  return [
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

function helpMenu({ goTo, openDocumentation, openDataFolder, showAbout }: MenuCommands): MenuItemConstructorOptions[] {
  return [
    { label: '&Documentation', accelerator: 'F1', click: openDocumentation },
    { label: 'Open &Data Folder', click: openDataFolder },
    { label: 'D&iagnostics', click: () => goTo('/settings') },
    { type: 'separator' },
    { label: '&About DEdgeAI Control Center', click: showAbout },
  ];
}

function hidden(label: string, accelerator: string, click: () => void): MenuItemConstructorOptions {
  return { label, accelerator, click, visible: false, acceleratorWorksWhenHidden: true };
}
