// The window's one way to the core: tRPC over a WebSocket in the web shell, over a port in the desktop shell. Nothing else knows which.
import { createTRPCClient, createWSClient, wsLink, type TRPCClient } from '@trpc/client';
import { shallowReadonly, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { AppRouter } from '../../main/api/router.js';
import { connectDesktop } from './desktop-connection.js';
import { neutralTextLink } from './neutral-text.js';
import { PromptSocket } from './prompt-socket.js';
import type { DesktopBridge } from '../../shared/api/desktop-bridge.js';

export type ApiClient = TRPCClient<AppRouter>;

/** `lost` means it was open before, or could not be opened at the first try; the client keeps trying. */
export type ConnectionState = 'connecting' | 'open' | 'lost';

/** The core has ended and is not started again by itself: why, and the way to start it. The desktop shell only. */
export interface CoreFailure {
  reason: string;
  /** What to do before it can start again; null where nothing is known to help. */
  hint: string | null;
  restart(): void;
}

export interface Api {
  client: ApiClient;
  connection: Readonly<ShallowRef<ConnectionState>>;
  coreFailure: Readonly<ShallowRef<CoreFailure | null>>;
}

export const API_KEY: InjectionKey<Api> = Symbol('api');

/** The core is on this machine: trying costs nothing. */
const MAX_RETRY_DELAY_MS = 1000;

/** Opens the connection; the page keeps it for its lifetime. */
export function createApi(): Api {
  return window.dedgeai ? createDesktopApi(window.dedgeai) : createWebApi();
}

function createDesktopApi(bridge: DesktopBridge): Api {
  const connection = shallowRef<ConnectionState>('connecting');
  const coreFailure = shallowRef<CoreFailure | null>(null);
  const link = connectDesktop(bridge, window, (state) => {
    // A core that starts again is still lost to anyone who looks: queries ask again when `lost` becomes `open`.
    if (state.kind !== 'connecting' || connection.value !== 'lost') connection.value = state.kind;
    const hasGivenUp = state.kind === 'lost' && !state.isRestarting;
    coreFailure.value = hasGivenUp ? { reason: state.reason, hint: state.hint, restart: () => bridge.restartCore() } : null;
  });
  const client = createTRPCClient<AppRouter>({ links: [neutralTextLink(), link] });
  return { client, connection: shallowReadonly(connection), coreFailure: shallowReadonly(coreFailure) };
}

function createWebApi(): Api {
  const connection = shallowRef<ConnectionState>('connecting');
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = createWSClient({
    url: `${scheme}://${window.location.host}/trpc`,
    WebSocket: PromptSocket,
    retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, MAX_RETRY_DELAY_MS),
    keepAlive: { enabled: true, intervalMs: 5000, pongTimeoutMs: 3000 },
    onOpen: () => (connection.value = 'open'),
    onClose: () => (connection.value = 'lost'),
    onError: () => (connection.value = 'lost'),
  });
  return {
    client: createTRPCClient<AppRouter>({ links: [neutralTextLink(), wsLink({ client: socket })] }),
    connection: shallowReadonly(connection),
    coreFailure: shallowReadonly(shallowRef(null)),
  };
}
