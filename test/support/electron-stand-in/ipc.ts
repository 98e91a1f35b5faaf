// Messages between the main process and the preload.
import { EventEmitter } from 'node:events';
import type { Listener } from './listener.js';
import { toWindow } from './page.js';
import { windows, type WebContents } from './windows.js';

export const ipcMain = new EventEmitter();

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
