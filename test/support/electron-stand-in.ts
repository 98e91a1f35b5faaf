// Stands in for the `electron` module under Node: records what the desktop shell asks of it, and carries IPC between the main process's
// half and the preload's. Knows only what the shell uses.
import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort, Transferable } from 'node:worker_threads';

type Listener = (...args: unknown[]) => void;

/** What `contextBridge` put into the window. */
export const exposed: Record<string, unknown> = {};
export const openedOutside: string[] = [];
export const privilegedSchemes: unknown[] = [];
export const windows: BrowserWindow[] = [];
export let schemeHandler: (request: Request) => Promise<Response> = () => Promise.reject(new Error('No scheme is served'));
export const permissions: { request?: Listener; check?: (...args: unknown[]) => boolean; device?: () => boolean } = {};

/** The application's life: ready at once, ends through `before-quit` unless that is prevented. */
export const app = Object.assign(new EventEmitter().setMaxListeners(0), {
  isPackaged: false,
  setPath: () => undefined,
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(),
  quit() {
    let isPrevented = false;
    app.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) app.exit(0);
  },
  exit(code: number) {
    process.exit(code);
  },
});

export interface MessageBox {
  message: string;
  detail?: string;
  buttons: string[];
  cancelId?: number;
  signal?: AbortSignal;
}

/** Questions that were put, oldest first; each is answered by `answer` with the words of a button, or withdrawn by its signal. */
export const questions: { box: MessageBox; parent: BrowserWindow | null; answer(button: string): void }[] = [];
export const dialog = {
  showMessageBox(...args: [BrowserWindow, MessageBox] | [MessageBox]) {
    const [parent, box] = args.length === 2 ? args : [null, args[0]];
    return new Promise<{ response: number }>((resolve) => {
      const answer = (button: string): void => {
        if (!box.buttons.includes(button)) throw new Error(`There is no button ${button}, but ${box.buttons.join(', ')}`);
        resolve({ response: box.buttons.indexOf(button) });
      };
      box.signal?.addEventListener('abort', () => resolve({ response: box.cancelId ?? 0 }), { once: true });
      questions.push({ box, parent, answer });
      app.emit('stand-in-question', box, answer);
    });
  },
};

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => privilegedSchemes.push(...schemes),
  handle(_scheme: string, handler: typeof schemeHandler) {
    schemeHandler = handler;
  },
};

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: Listener) => (permissions.request = handler),
    setPermissionCheckHandler: (handler: (...args: unknown[]) => boolean) => (permissions.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => (permissions.device = handler),
  }),
};

export const shell = {
  openExternal(url: string) {
    openedOutside.push(url);
    return Promise.resolve();
  },
  openPath(path: string) {
    openedOutside.push(path);
    return Promise.resolve('');
  },
};

export const clipboard = {
  text: '',
  writeText: (text: string) => void (clipboard.text = text),
};

/** Dark where it is chosen, or where the system is and the choice is to follow it. */
export const nativeTheme = new (class extends EventEmitter {
  themeSource = 'system';
  isSystemDark = false;
  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'dark' || (this.themeSource === 'system' && this.isSystemDark);
  }
  /** The system changes while the program runs. */
  turnSystem(isDark: boolean): void {
    this.isSystemDark = isDark;
    this.emit('updated');
  }
})();

export interface MenuItem {
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  enabled?: boolean;
  click?: () => void;
  submenu?: MenuItem[];
}

/** Menus that popped up, oldest first, and the one of the menu bar. */
export const shownMenus: MenuItem[][] = [];
export const menuBar: MenuItem[] = [];
export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => ({ template, popup: () => void shownMenus.push(template) }),
  setApplicationMenu: ({ template }: { template: MenuItem[] }) => void menuBar.splice(0, Infinity, ...template),
};

const DISPLAY = { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 }, workArea: { x: 0, y: 27, width: 1920, height: 1053 } };
export const screen = {
  displays: [DISPLAY],
  getAllDisplays: () => screen.displays,
  getPrimaryDisplay: () => screen.displays[0]!,
  getDisplayMatching: () => screen.displays[0]!,
  getDisplayNearestPoint: () => screen.displays[0]!,
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
};

export const powerMonitor = new EventEmitter().setMaxListeners(0);
export const nativeImage = { createFromPath: (path: string) => ({ resize: () => path }) };

/** Icons that are there now. `isPossible` is whether the desktop shows any. */
export const trays: Tray[] = [];
export class Tray extends EventEmitter {
  static isPossible = true;
  toolTip = '';
  menu: MenuItem[] = [];
  constructor(_image: unknown) {
    super();
    if (!Tray.isPossible) throw new Error('There is no tray');
    trays.push(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu({ template }: { template: MenuItem[] }): void {
    this.menu = template;
    this.emit('menu');
  }
  destroy(): void {
    trays.splice(trays.indexOf(this), 1);
  }
}

export const notices: Notification[] = [];
export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }
  // Not a parameter property: Node.js runs this file by stripping its types.
  readonly words: { title: string; body: string };
  constructor(words: { title: string; body: string }) {
    super();
    this.words = words;
  }
  show(): void {
    notices.push(this);
  }
}

export const ipcMain = new EventEmitter();
/** Every test's client listens; pages that are gone do not come to an end here. */
const toWindow = new EventEmitter().setMaxListeners(0);

/** What crosses processes is cloned, and what cannot be cloned does not cross. */
export const ipcRenderer = {
  send: (channel: string, message: unknown) =>
    sendFrom(windows.at(-1)!.webContents, windows.at(-1)!.webContents.mainFrame, channel, message),
  on: (channel: string, listener: Listener) => toWindow.on(channel, listener),
  off: (channel: string, listener: Listener) => toWindow.off(channel, listener),
};

/** Delivers a message to the main process as if a given frame had sent it. */
export function sendFrom(sender: WebContents, senderFrame: { url: string } | null, channel: string, message: unknown): void {
  ipcMain.emit(channel, { sender, senderFrame }, structuredClone(message));
}

/** As Electron does: what goes through a function of the bridge is cloned, functions apart, and what cannot be cloned throws. */
export const contextBridge = {
  exposeInMainWorld(name: string, value: object) {
    exposed[name] = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isFunction(item) ? cloneArguments(item) : item]));
  },
};

function cloneArguments(act: Listener): Listener {
  return (...args) => act(...args.map((argument) => (isFunction(argument) ? argument : structuredClone(argument))));
}

function isFunction(value: unknown): value is Listener {
  return typeof value === 'function';
}

export class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  getURL(): string {
    return this.mainFrame.url;
  }
  setWindowOpenHandler(handler: WebContents['windowOpenHandler']): void {
    this.windowOpenHandler = handler;
  }
  isDestroyed(): boolean {
    return false;
  }
  /** What was asked of the page, oldest first. */
  readonly asked: string[] = [];
  zoomLevel = 0;
  hasCrashed = false;
  isCrashed(): boolean {
    return this.hasCrashed;
  }
  reload(): void {
    this.hasCrashed = false;
    this.asked.push('reload');
  }
  /** The page dies, as by a signal. */
  die(reason = 'killed'): void {
    this.hasCrashed = true;
    this.emit('render-process-gone', {}, { reason, exitCode: 9 });
  }
  forcefullyCrashRenderer(): void {
    this.die('crashed');
  }
  getZoomLevel(): number {
    return this.zoomLevel;
  }
  setZoomLevel(level: number): void {
    this.zoomLevel = level;
  }
  getTitle(): string {
    return 'the page';
  }
  downloadURL(url: string): void {
    this.asked.push(`download ${url}`);
  }
  copyImageAt(x: number, y: number): void {
    this.asked.push(`copy image at ${x} ${y}`);
  }
  loadURL(url: string): Promise<void> {
    this.mainFrame = { url };
    return Promise.resolve();
  }
  insertCSS(): Promise<string> {
    return Promise.resolve('key');
  }
  executeJavaScriptInIsolatedWorld(): Promise<unknown> {
    return Promise.resolve({ width: 512, height: 512 });
  }
  send(channel: string, message: unknown): void {
    toWindow.emit(channel, {}, structuredClone(message));
  }
  postMessage(channel: string, message: unknown, ports: MessagePortMain[]): void {
    toWindow.emit(channel, { ports: ports.map((port) => port.port) }, structuredClone(message));
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  focusCount = 0;
  readonly options: { backgroundColor?: string; title?: string; webPreferences: Record<string, unknown> };
  bounds = { x: 0, y: 0, width: 0, height: 0 };
  isShown = false;
  isGone = false;
  maximized = false;
  fullScreen = false;
  backgroundColor: string;
  title: string;
  progress = -1;
  constructor(options: BrowserWindow['options'] & Partial<BrowserWindow['bounds']>) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    this.backgroundColor = options.backgroundColor ?? '';
    this.title = options.title ?? '';
    windows.push(this);
    app.emit('browser-window-created', this);
  }
  static getAllWindows(): BrowserWindow[] {
    return windows.filter((window) => !window.isGone);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url };
    this.emit('loaded');
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
    return Promise.resolve();
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
    this.emit('hide');
  }
  isVisible(): boolean {
    return this.isShown;
  }
  /** As by its own button: someone may prevent it. */
  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (isPrevented || this.isGone) return;
    this.isGone = true;
    this.webContents.emit('destroyed');
    this.emit('closed');
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  isMinimized(): boolean {
    return false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  setFullScreen(isFull: boolean): void {
    this.fullScreen = isFull;
  }
  isFullScreen(): boolean {
    return this.fullScreen;
  }
  getBounds(): BrowserWindow['bounds'] {
    return this.bounds;
  }
  getNormalBounds(): BrowserWindow['bounds'] {
    return this.bounds;
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  setProgressBar(progress: number): void {
    this.progress = progress;
  }
  setContentSize(width: number, height: number): void {
    this.bounds = { ...this.bounds, width, height };
  }
  center(): void {}
  removeMenu(): void {}
  focus(): void {
    this.focusCount++;
  }
}

/** A port as the main process has it: an emitter whose messages are clones, and which waits for `start`. */
export class MessagePortMain extends EventEmitter {
  readonly port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.port = port;
  }
  start(): void {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }));
    this.port.on('close', () => this.emit('close'));
  }
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }
  close(): void {
    this.port.close();
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}

/** Never started here: the tests run the core in a forked Node.js, or stand in for it. */
export const utilityProcess = {
  fork(): never {
    throw new Error('There is no utility process outside Electron');
  },
};

/** The page's own window as far as preload and page talk over it; `window` for the preload, too. */
export const pageWindow = new (class {
  readonly #listeners = new Set<(event: MessageEvent) => void>();
  postMessage(data: unknown, _origin: string, ports: unknown[]): void {
    for (const listener of this.#listeners) listener({ source: this, data, ports } as unknown as MessageEvent);
  }
  addEventListener(_type: 'message', listener: (event: MessageEvent) => void): void {
    this.#listeners.add(listener);
  }
  /** The page goes, and with it anyone who listened. */
  leave(): void {
    this.#listeners.clear();
  }
})();
Object.assign(globalThis, { window: pageWindow });

/** The key store of the system; `backend` as Electron names it on Linux. Sealing turns every byte over. */
export const keyStore = { backend: 'gnome_libsecret', isAvailable: true };
export const safeStorage = {
  getSelectedStorageBackend: () => keyStore.backend,
  isAsyncEncryptionAvailable: () => Promise.resolve(keyStore.isAvailable),
  encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(text, 'utf8').map((byte) => 255 - byte)),
  decryptStringAsync: (sealed: Buffer) =>
    Promise.resolve({ shouldReEncrypt: false, result: Buffer.from(sealed.map((byte) => 255 - byte)).toString('utf8') }),
};
