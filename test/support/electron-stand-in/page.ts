// The side of the page: what the preload shows it, and the window that both see.
import { EventEmitter } from 'node:events';
import type { Listener } from './listener.js';

/** What `contextBridge` put into the window. */
export const exposed: Record<string, unknown> = {};

/** Every test's client listens; pages that are gone do not come to an end here. */
export const toWindow = new EventEmitter().setMaxListeners(0);

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
