// The window's one way to the core: tRPC over a WebSocket in the web shell, over IPC in the desktop shell. Nothing else knows which.
import { createTRPCClient, createWSClient, wsLink, type TRPCClient } from '@trpc/client';
import { shallowReadonly, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { AppRouter } from '../../main/api/router.js';
import { createIpcLink } from './ipc-link.js';

export type ApiClient = TRPCClient<AppRouter>;

/** `lost` means it was open before, or could not be opened at the first try; the client keeps trying. */
export type ConnectionState = 'connecting' | 'open' | 'lost';

export interface Api {
  client: ApiClient;
  connection: Readonly<ShallowRef<ConnectionState>>;
}

export const API_KEY: InjectionKey<Api> = Symbol('api');

const LONGEST_RETRY_DELAY_MS = 4000;

/** Opens the connection; the page keeps it for its lifetime. */
export function createApi(): Api {
  return 'dedgeai' in window ? createDesktopApi() : createWebApi();
}

function createDesktopApi(): Api {
  const connection = shallowRef<ConnectionState>('open');
  return { client: createTRPCClient<AppRouter>({ links: [createIpcLink()] }), connection: shallowReadonly(connection) };
}

function createWebApi(): Api {
  const connection = shallowRef<ConnectionState>('connecting');
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = createWSClient({
    url: `${scheme}://${window.location.host}/trpc`,
    retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, LONGEST_RETRY_DELAY_MS),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 3000 },
    onOpen: () => (connection.value = 'open'),
    onClose: () => (connection.value = 'lost'),
    onError: () => (connection.value = 'lost'),
  });
  return { client: createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] }), connection: shallowReadonly(connection) };
}
