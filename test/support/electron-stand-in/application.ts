// The application: its life, its own scheme, its session and its child processes.
import { EventEmitter } from 'node:events';
import type { Listener } from './listener.js';

export const privilegedSchemes: unknown[] = [];
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

/** Never started here: the tests run the core in a forked Node.js, or stand in for it. */
export const utilityProcess = {
  fork(): never {
    throw new Error('There is no utility process outside Electron');
  },
};
