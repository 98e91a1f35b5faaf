// Main's own calls to the core, over a port as a window's are. Results are unknown until anyone who asks has parsed them.
import { createTRPCUntypedClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { MessageChannelMain } from 'electron';
import type { MessagePortMain } from 'electron';
import { createCallLink } from '../../../shared/api/call-link.js';
import type { ClientConnection } from '../../../shared/api/call-protocol.js';
import type { CoreSupervisor } from './core-supervisor.js';

/** Calls wait while the core starts, and reject when it ended before it answered or has given up. */
export interface CoreClient {
  query(path: string, input?: unknown, signal?: AbortSignal): Promise<unknown>;
  mutate(path: string, input?: unknown): Promise<unknown>;
}

export function createCoreClient(core: Pick<CoreSupervisor, 'state' | 'onState' | 'openPort'>): CoreClient {
  const { link, connect, giveUp } = createCallLink<AnyTRPCRouter>();
  const connectNow = (): void => {
    const { port1, port2 } = new MessageChannelMain();
    connect(portConnection(port1));
    core.openPort(port2);
  };
  if (core.state.kind === 'open') connectNow();
  core.onState((state) => {
    if (state.kind === 'open') connectNow();
    else if (state.kind === 'lost' && !state.isRestarting) giveUp();
  });
  const client = createTRPCUntypedClient<AnyTRPCRouter>({ links: [link] });
  return {
    query: (path, input, signal) => client.query(path, input, signal && { signal }),
    mutate: (path, input) => client.mutation(path, input),
  };
}

function portConnection(port: MessagePortMain): ClientConnection {
  let hasEnded = false;
  port.once('close', () => (hasEnded = true));
  return {
    post(message) {
      if (!hasEnded) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data as Parameters<typeof listener>[0]));
      port.start();
    },
    onEnd: (listener) => void port.once('close', listener),
    end: () => port.close(),
  };
}
