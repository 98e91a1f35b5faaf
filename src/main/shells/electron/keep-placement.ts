// Keeps where the window is, how large, whether maximized or full screen, and how far it is zoomed.
import { app, screen } from 'electron';
import type { BrowserWindow } from 'electron';
import type { WindowMemory } from './window-memory.js';
import { choosePlacement, rememberPlacement } from './window-placement.js';
import type { WindowPlacement } from './window-placement.js';

/** Real ms without a further change before a move or a resize counts as done. */
const SETTLED_AFTER_MS = 500;

/** Where the window is to open; needs Electron ready. */
export function rememberedPlacement(memory: WindowMemory): WindowPlacement {
  return choosePlacement(memory.remembered.places, screen.getAllDisplays(), screen.getPrimaryDisplay());
}

/** To be called when there is something to see: maximizing shows a window. */
export function showInPlacement(window: BrowserWindow, placement: WindowPlacement): void {
  if (placement.isMaximized) window.maximize();
  if (placement.isFullScreen) window.setFullScreen(true);
  window.show();
}

/** Keeps what the window becomes until it is closed, and its zoom over every load of the page. */
export function keepPlacement(window: BrowserWindow, memory: WindowMemory): void {
  const contents = window.webContents;
  contents.on('did-finish-load', () => contents.setZoomLevel(memory.remembered.zoomLevel));

  let timer: NodeJS.Timeout | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    const bounds = window.getNormalBounds();
    const isFullScreen = window.isFullScreen();
    const display = screen.getDisplayMatching(isFullScreen ? window.getBounds() : bounds);
    const places = rememberPlacement(memory.remembered.places, display, { ...bounds, isMaximized: window.isMaximized(), isFullScreen });
    const zoomLevel = contents.isDestroyed() || contents.isCrashed() ? memory.remembered.zoomLevel : contents.getZoomLevel();
    memory.remember({ places, zoomLevel });
  };
  const keepSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, SETTLED_AFTER_MS);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.on('maximize', keepSoon);
  window.on('unmaximize', keepSoon);
  window.on('enter-full-screen', keepSoon);
  window.on('leave-full-screen', keepSoon);
  window.on('hide', keep);
  window.on('close', keep);
  // The end of the program does not wait for windows to close.
  app.on('before-quit', keep);
  window.once('closed', () => {
    clearTimeout(timer);
    app.off('before-quit', keep);
  });
}
