// Puts one object into the window, and nothing else: no logic, no Electron API. The port to the core continues to the page as it is.
import { contextBridge, ipcRenderer } from 'electron';
import {
  COMMAND_CHANNEL,
  CONNECT_CHANNEL,
  CORE_STATE_CHANNEL,
  NOTICE_CHANNEL,
  PORT_CHANNEL,
  PORT_MESSAGE,
  RESTART_CORE_CHANNEL,
  SHELL_CHANNEL,
} from '../shared/api/desktop-bridge.js';
import type { CoreState, DesktopBridge } from '../shared/api/desktop-bridge.js';

/** What of the page's window the preload uses. */
declare const window: { postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void };

const bridge: DesktopBridge = {
  connect: () => ipcRenderer.send(CONNECT_CHANNEL),
  onCoreState: (listener) => {
    const forward = (_event: unknown, state: CoreState): void => listener(state);
    ipcRenderer.on(CORE_STATE_CHANNEL, forward);
    return () => void ipcRenderer.off(CORE_STATE_CHANNEL, forward);
  },
  onCommand: (listener) => {
    const forward = (_event: unknown, id: string): void => listener(id);
    ipcRenderer.on(COMMAND_CHANNEL, forward);
    return () => void ipcRenderer.off(COMMAND_CHANNEL, forward);
  },
  restartCore: () => ipcRenderer.send(RESTART_CORE_CHANNEL),
  onNoticeOpened: (listener) => {
    const forward = (_event: unknown, id: number): void => listener(id);
    ipcRenderer.on(NOTICE_CHANNEL, forward);
    return () => void ipcRenderer.off(NOTICE_CHANNEL, forward);
  },
  notifyShell: (message) => ipcRenderer.send(SHELL_CHANNEL, message),
};

// `/` is the page's own origin: no other page gets the port.
ipcRenderer.on(PORT_CHANNEL, (event) => window.postMessage(PORT_MESSAGE, '/', event.ports));
contextBridge.exposeInMainWorld('dedgeai', bridge);
