// Loaded with `node --import` before the built desktop program: resolves `electron` to the stand-in, for the program (an ES module) as for
// its preload (CommonJS). Once the window is there it plays the page: one query over the port that the preload hands on, its answer on
// standard output, then Quit. Questions go to standard output too; a line of standard input answers them with the words of a button.
import { createRequire, registerHooks } from 'node:module';
import { createInterface } from 'node:readline';
import type { DesktopBridge, PORT_MESSAGE } from '../../src/shared/api/desktop-bridge.js';

const STAND_IN_URL = new URL('./electron-stand-in.ts', import.meta.url).href;

/** Held to the program's own by its type: Node runs this file without a bundler, which finds no `.js` of it. */
const PORT: typeof PORT_MESSAGE = 'dedgeai:port';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron') return { url: STAND_IN_URL, format: 'module-typescript', shortCircuit: true };
    // Its files name each other as a bundler finds them.
    const isOfStandIn = context.parentURL?.startsWith(STAND_IN_URL.replace(/\.ts$/, '')) ?? false;
    return next(isOfStandIn ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const electron = (await import(STAND_IN_URL)) as typeof import('./electron-stand-in.js');
electron.app.on('stand-in-question', (box: object, answer: (button: string) => void) => {
  process.stdout.write(`${JSON.stringify(box)}\n`);
  createInterface({ input: process.stdin }).once('line', answer);
});
electron.app.once('browser-window-created', (window: InstanceType<typeof electron.BrowserWindow>) => {
  window.once('loaded', () => {
    createRequire(import.meta.url)(String(window.options.webPreferences['preload']));
    electron.pageWindow.addEventListener('message', ({ data, ports }) => {
      const port = ports[0];
      if (data !== PORT || !port) return;
      port.onmessage = (event: MessageEvent) => {
        process.stdout.write(`${JSON.stringify(event.data)}\n`);
        electron.app.quit();
      };
      port.postMessage({ kind: 'call', id: 1, type: 'query', path: 'app.info', input: undefined });
    });
    (electron.exposed['dedgeai'] as DesktopBridge).connect();
  });
});
