// What the system offers: the browser and the files outside, clipboard, theme, screens, power and the key store.
import { EventEmitter } from 'node:events';

export const openedOutside: string[] = [];
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

/** The key store of the system; `backend` as Electron names it on Linux. Sealing turns every byte over. */
export const keyStore = { backend: 'gnome_libsecret', isAvailable: true };
export const safeStorage = {
  getSelectedStorageBackend: () => keyStore.backend,
  isAsyncEncryptionAvailable: () => Promise.resolve(keyStore.isAvailable),
  encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(text, 'utf8').map((byte) => 255 - byte)),
  decryptStringAsync: (sealed: Buffer) =>
    Promise.resolve({ shouldReEncrypt: false, result: Buffer.from(sealed.map((byte) => 255 - byte)).toString('utf8') }),
};
