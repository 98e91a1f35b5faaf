// Loaded with `node --import` before the built desktop program: resolves `electron` to the stand-in, for the program (an ES module) as for
// its preload (CommonJS). Once the window is there it plays the page: one query over the preload's bridge, its answer on standard output,
// then Quit.
import { createRequire, registerHooks } from 'node:module';
import type { DesktopBridge } from '../../src/shared/api/ipc-protocol.js';

const STAND_IN_URL = new URL('./electron-stand-in.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: STAND_IN_URL, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
});

const electron = (await import(STAND_IN_URL)) as typeof import('./electron-stand-in.js');
electron.app.once('browser-window-created', (window: InstanceType<typeof electron.BrowserWindow>) => {
  window.once('loaded', () => {
    createRequire(import.meta.url)(String(window.options.webPreferences['preload']));
    const bridge = electron.exposed['dedgeai'] as DesktopBridge;
    bridge.onMessage((message) => {
      process.stdout.write(`${JSON.stringify(message)}\n`);
      electron.app.quit();
    });
    bridge.send({ kind: 'call', id: 1, type: 'query', path: 'app.info', input: undefined });
  });
});
