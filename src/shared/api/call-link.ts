// The client's half of the call protocol as a tRPC link: for the desktop's window, its main process and the terminal. Knows neither ports
// nor sockets: anyone who makes it hands it one connection after another.
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable, type Observer } from '@trpc/server/observable';
import type { AnyTRPCRouter } from '@trpc/server';
import type { CallMessage, ClientConnection, CoreMessage } from './call-protocol.js';

/** The name of the cause of an error when the connection ended before the answer came. */
export const CONNECTION_LOST = 'CoreConnectionLost';

/** What of an AbortSignal a link uses. */
interface StopSignal {
  addEventListener(type: 'abort', listener: () => void, options: { once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What the link keeps of a call until it has ended. */
interface OpenCall {
  message: CallMessage;
  observer: Observer<
    { result: { type: 'started' } | { type: 'stopped' } | { type: 'data'; data: unknown } },
    TRPCClientError<AnyTRPCRouter>
  >;
}

export interface CallLink<TRouter extends AnyTRPCRouter> {
  link: TRPCLink<TRouter>;
  /**
   * Calls go over this connection from now on, those that wait first; a subscription that was cut starts again. The one before is ended.
   */
  connect(connection: ClientConnection): void;
  /** Fails the calls that wait for a connection: none will come. */
  giveUp(): void;
}

/**
 * Calls made without a connection wait for one. When a connection ends, subscriptions wait for the next; queries and mutations on their way
 * fail with CONNECTION_LOST, since no one knows what became of them.
 */
export function createCallLink<TRouter extends AnyTRPCRouter>(): CallLink<TRouter> {
  const open = new Map<number, OpenCall>();
  /** Calls that went over the connection of now. */
  const sent = new Set<number>();
  let current: ClientConnection | null = null;
  let lastId = 0;

  const send = (id: number, message: CallMessage): void => {
    if (!current) return;
    sent.add(id);
    current.post(message);
  };
  const forget = (id: number): boolean => {
    sent.delete(id);
    return open.delete(id);
  };
  const fail = (id: number, call: OpenCall): void => {
    forget(id);
    const cause = new Error('The connection to the program was lost before it answered.');
    cause.name = CONNECTION_LOST;
    call.observer.error(TRPCClientError.from(cause));
  };

  const receive = (message: CoreMessage): void => {
    const call = open.get(message.id);
    if (!call) return;
    const isSubscription = call.message.type === 'subscription';
    // Forgotten before the observer hears of it: its teardown would ask the core to stop what has ended.
    if (!(message.kind === 'started' || (message.kind === 'data' && isSubscription))) forget(message.id);
    deliver(message, call.observer, isSubscription);
    if (message.kind === 'data' && isSubscription) current?.post({ kind: 'next', id: message.id });
  };

  const lose = (): void => {
    current = null;
    for (const [id, call] of [...open]) {
      if (sent.has(id) && call.message.type !== 'subscription') fail(id, call);
    }
    sent.clear();
  };

  return {
    link: () => {
      return ({ op }) =>
        observable((observer) => {
          const id = ++lastId;
          const message: CallMessage = { kind: 'call', id, type: op.type, path: op.path, input: toPlain(op.input) };
          open.set(id, { message, observer: observer as OpenCall['observer'] });
          const abort = (): void => {
            const reason = new Error('The call was aborted.');
            reason.name = 'AbortError';
            observer.error(TRPCClientError.from(reason));
          };
          // This code runs without the DOM's types, which have the signal's.
          const signal = op.signal as StopSignal | null | undefined;
          signal?.addEventListener('abort', abort, { once: true });
          send(id, message);
          return () => {
            signal?.removeEventListener('abort', abort);
            const wasSent = sent.has(id);
            if (forget(id) && wasSent) current?.post({ kind: 'stop', id });
          };
        });
    },
    connect(connection) {
      const previous = current;
      lose();
      previous?.end();
      current = connection;
      connection.onMessage((message) => {
        if (current === connection) receive(message);
      });
      connection.onEnd(() => {
        if (current === connection) lose();
      });
      for (const [id, { message }] of [...open]) send(id, message);
    },
    giveUp() {
      for (const [id, call] of [...open]) {
        if (!sent.has(id) && call.message.type !== 'subscription') fail(id, call);
      }
    },
  };
}

/**
 * What JSON makes of an input. What a view hands over is often one of Vue's reactive proxies, which no border between processes can clone;
 * here every procedure's input becomes plain.
 */
function toPlain(input: unknown): unknown {
  return input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown);
}

function deliver(message: CoreMessage, observer: OpenCall['observer'], isSubscription: boolean): void {
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
      observer.error(TRPCClientError.from({ error: message.error } as Parameters<typeof TRPCClientError.from>[0]));
  }
}
