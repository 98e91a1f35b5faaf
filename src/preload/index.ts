// Puts one object into the window, and nothing else: two channels, no logic, no Electron API.
import { contextBridge, ipcRenderer } from 'electron';
import type { CoreMessage, DesktopBridge } from '../shared/api/ipc-protocol.js';
import { CORE_TO_WINDOW_CHANNEL, WINDOW_TO_CORE_CHANNEL } from '../shared/api/ipc-channels.js';

const bridge: DesktopBridge = {
  send: (message) => ipcRenderer.send(WINDOW_TO_CORE_CHANNEL, message),
  onMessage: (listener) => {
    const forward = (_event: unknown, message: CoreMessage): void => listener(message);
    ipcRenderer.on(CORE_TO_WINDOW_CHANNEL, forward);
    return () => void ipcRenderer.off(CORE_TO_WINDOW_CHANNEL, forward);
  },
};

contextBridge.exposeInMainWorld('dedgeai', bridge);
