// The desktop shell's transport: a tRPC link over `window.dedgeai`. No retries: the core lives as long as the window.
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable, type Observer } from '@trpc/server/observable';
import type { AppRouter } from '../../main/api/router.js';
import type { CoreMessage, DesktopBridge } from '../../shared/api/ipc-protocol.js';

declare global {
  interface Window {
    /** Present in the desktop shell only. */
    dedgeai?: DesktopBridge;
  }
}

type LinkObserver = Observer<
  { result: { type: 'started' } | { type: 'stopped' } | { type: 'data'; data: unknown } },
  TRPCClientError<AppRouter>
>;

/** The link; it listens from the moment the client is made until the page goes. Throws outside the desktop shell. */
export function createIpcLink(bridge: DesktopBridge | undefined = window.dedgeai): TRPCLink<AppRouter> {
  if (!bridge) throw new Error('This page does not run in the desktop shell.');

  return () => {
    const open = new Map<number, { observer: LinkObserver; isSubscription: boolean }>();
    let lastId = 0;

    bridge.onMessage((message) => {
      const call = open.get(message.id);
      if (!call) return;
      // Forgotten before the observer hears of it: its teardown would ask the core to stop what has ended.
      if (!(message.kind === 'started' || (message.kind === 'data' && call.isSubscription))) open.delete(message.id);
      deliver(message, call.observer, call.isSubscription);
    });

    return ({ op }) =>
      observable((observer) => {
        const id = ++lastId;
        open.set(id, { observer, isSubscription: op.type === 'subscription' });
        bridge.send({ kind: 'call', id, type: op.type, path: op.path, input: toPlain(op.input) });
        const abort = (): void => observer.error(TRPCClientError.from(new DOMException('The call was aborted.', 'AbortError')));
        op.signal?.addEventListener('abort', abort, { once: true });
        return () => {
          op.signal?.removeEventListener('abort', abort);
          if (open.delete(id)) bridge.send({ kind: 'stop', id });
        };
      });
  };
}

/**
 * What JSON makes of an input. What a view hands over is often one of Vue's reactive proxies, which no border between processes can clone;
 * here every procedure's input becomes plain, as it does by itself on its way through a WebSocket.
 */
function toPlain(input: unknown): unknown {
  return input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown);
}

function deliver(message: CoreMessage, observer: LinkObserver, isSubscription: boolean): void {
  switch (message.kind) {
    case 'started':
      observer.next({ result: { type: 'started' } });
      return;
    case 'data':
      observer.next({ result: { type: 'data', data: message.data } });
      if (!isSubscription) observer.complete();
      return;
    case 'ended':
      observer.next({ result: { type: 'stopped' } });
      observer.complete();
      return;
    case 'error':
      observer.error(TRPCClientError.from({ error: message.error }));
  }
}
