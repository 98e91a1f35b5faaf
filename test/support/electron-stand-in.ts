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
export const app = Object.assign(new EventEmitter(), {
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

export const dialog = {
  showErrorBox: (title: string, text: string) => process.stdout.write(`${JSON.stringify({ title, text })}\n`),
};

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => privilegedSchemes.push(...schemes),
  handle(_scheme: string, handler: typeof schemeHandler) {
    schemeHandler = handler;
  },
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: Listener) => (permissions.request = handler),
    setPermissionCheckHandler: (handler: (...args: unknown[]) => boolean) => (permissions.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => (permissions.device = handler),
  },
};

export const shell = {
  openExternal(url: string) {
    openedOutside.push(url);
    return Promise.resolve();
  },
};

export const nativeTheme = { shouldUseDarkColors: false };
export const Menu = { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => undefined };

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
  readonly options: { webPreferences: Record<string, unknown> };
  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    windows.push(this);
    app.emit('browser-window-created', this);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url };
    this.emit('loaded');
    return Promise.resolve();
  }
  show(): void {}
  isMinimized(): boolean {
    return false;
  }
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
  /** The page goes, and with it whoever listened. */
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
