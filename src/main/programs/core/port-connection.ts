import type { CoreConnection } from '../../../shared/api/call-protocol.js';

/** What of Electron's MessagePortMain the core uses. */
export interface TransferredPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A window's port as a connection. It ends with the other side, or by `end`, which not every port reports by itself. */
export function portConnection(port: TransferredPort): CoreConnection {
  let hasEnded = false;
  const endListeners: (() => void)[] = [];
  const ended = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    for (const listener of endListeners) listener();
  };
  port.on('close', ended);
  return {
    post(message) {
      if (!hasEnded) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onEnd: (listener) => void endListeners.push(listener),
    end() {
      port.close();
      ended();
    },
  };
}
