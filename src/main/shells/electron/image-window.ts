// Windows that show one image in full size: no preload, no script, no way to anywhere else. One an image.
import { BrowserWindow, Menu, screen } from 'electron';
import { APP_ORIGIN } from './app-scheme.js';
import { contextMenuTemplate } from './context-menu.js';
import { imageOf } from './image-address.js';
import { fitImageWindow } from './window-placement.js';
import { backgroundColor } from './window-theme.js';

const TITLE = 'DEdgeAI - image';
/** What the program's images measure; another size is known only when the image is there. */
const USUAL_SIZE = { width: 512, height: 512 };
/** Chromium lays an image's page out by styles in its markup, which the program's policy refuses; this comes past it. */
const LOOK =
  'html { overflow: hidden; } img { position: fixed; inset: 0; width: 100vw; height: 100vh; margin: 0; object-fit: scale-down; cursor: default; }';
/** Of its own, so that nothing that an image's page could define is in the way. */
const ISOLATED_WORLD = 1001;
const READ_SIZE = '(() => { const i = document.images[0]; return i ? { width: i.naturalWidth, height: i.naturalHeight } : null; })()';

export class ImageWindows {
  readonly #open = new Map<string, BrowserWindow>();

  /** Opens the image, or brings its window to the front. Rejects nothing: an image that is gone shows the core's answer. */
  show(sha256: string): void {
    const known = this.#open.get(sha256);
    if (known) {
      if (known.isMinimized()) known.restore();
      known.focus();
      return;
    }
    const image = imageOf(`${APP_ORIGIN}/images/${sha256}`);
    if (!image) return;
    const window = this.#make(sha256);
    const contents = window.webContents;
    contents.once('dom-ready', () => void contents.insertCSS(LOOK).catch(() => undefined));
    contents.once('did-finish-load', () => void resizeToImage(window));
    contents.loadURL(image.url).catch(() => undefined);
  }

  closeAll(): void {
    for (const window of [...this.#open.values()]) window.close();
  }

  #make(sha256: string): BrowserWindow {
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
    const window = new BrowserWindow({
      title: TITLE,
      ...fitImageWindow(workArea, USUAL_SIZE),
      useContentSize: true,
      minWidth: 200,
      minHeight: 200,
      backgroundColor: backgroundColor(),
      webPreferences: {
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        javascript: false,
        spellcheck: false,
      },
    });
    this.#open.set(sha256, window);
    window.removeMenu();
    window.on('page-title-updated', (event) => event.preventDefault());
    window.once('closed', () => this.#open.delete(sha256));
    this.#guard(window);
    return window;
  }

  #guard(window: BrowserWindow): void {
    const contents = window.webContents;
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('render-process-gone', () => window.close());
    contents.on('before-input-event', (event, input) => {
      const isClose = input.key === 'Escape' || ((input.control || input.meta) && input.key.toLowerCase() === 'w');
      if (input.type !== 'keyDown' || !isClose) return;
      event.preventDefault();
      window.close();
    });
    contents.on('context-menu', (_event, params) => {
      const template = contextMenuTemplate(params, {
        copyText: () => undefined,
        copyImageAt: (x, y) => contents.copyImageAt(x, y),
        saveImage: (url) => contents.downloadURL(url),
        openImage: () => undefined,
      }).filter((item) => item.label !== 'Open in Full Size');
      if (template.length > 0) Menu.buildFromTemplate(template).popup({ window });
    });
  }
}

/** To the image's own size, smaller where the display is. */
async function resizeToImage(window: BrowserWindow): Promise<void> {
  const size: unknown = await window.webContents.executeJavaScriptInIsolatedWorld(ISOLATED_WORLD, [{ code: READ_SIZE }]).catch(() => null);
  if (window.isDestroyed() || !isSize(size)) return;
  const { workArea } = screen.getDisplayMatching(window.getBounds());
  const { width, height } = fitImageWindow(workArea, size);
  window.setContentSize(width, height);
  window.center();
}

function isSize(value: unknown): value is { width: number; height: number } {
  if (typeof value !== 'object' || value === null || !('width' in value) || !('height' in value)) return false;
  return Number.isInteger(value.width) && Number.isInteger(value.height) && Number(value.width) > 0 && Number(value.height) > 0;
}
