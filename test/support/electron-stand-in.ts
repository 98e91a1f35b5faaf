// Stands in for the `electron` module under Node: records what the desktop shell asks of it, and carries IPC between the main process's
// half and the preload's. Knows only what the shell uses. It is one module, as the real one is; what it consists of is in the folder.
export * from './electron-stand-in/application.js';
export * from './electron-stand-in/ipc.js';
export * from './electron-stand-in/menus-and-tray.js';
export { contextBridge, exposed, pageWindow } from './electron-stand-in/page.js';
export * from './electron-stand-in/ports.js';
export * from './electron-stand-in/questions.js';
export * from './electron-stand-in/system.js';
export * from './electron-stand-in/windows.js';
