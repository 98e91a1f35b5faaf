// The API of a core in another process, in the form that a core in this process has: `api.runs.list()`.
import { createTRPCUntypedClient, TRPCClientError } from '@trpc/client';
import type { TRPCUntypedClient } from '@trpc/client';
import type { ProcedureType } from '@trpc/server';
import { createCallLink } from '../../../shared/api/call-link.js';
import type { ClientConnection } from '../../../shared/api/call-protocol.js';
import { AppError, ERROR_CODES } from '../../../shared/errors.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { appRouter } from '../../api/router.js';
import type { AppRouter, createApiCaller } from '../../api/router.js';

export type Api = ReturnType<typeof createApiCaller>;

export interface RemoteApi {
  api: Api;
  /** The same, with calls that end when the signal aborts. */
  until(signal: AbortSignal): Api;
}

/** Calls over one connection; when it ends, calls that are open fail. */
export function createRemoteApi(connection: ClientConnection): RemoteApi {
  const { link, connect, giveUp } = createCallLink<AppRouter>();
  connection.onEnd(giveUp);
  connect(connection);
  const client = createTRPCUntypedClient<AppRouter>({ links: [link] });
  return { api: apiOver(client, connection, undefined), until: (signal) => apiOver(client, connection, signal) };
}

type Procedures = Record<string, { _def: { type: ProcedureType } } | undefined>;

/** Paths are looked up in this program's own router: which are queries, mutations and subscriptions. */
function apiOver(client: TRPCUntypedClient<AppRouter>, connection: ClientConnection, signal: AbortSignal | undefined): Api {
  const procedures = appRouter._def.procedures as unknown as Procedures;
  const call = (path: string, input: unknown): Promise<unknown> => {
    const type = procedures[path]?._def.type;
    if (type === undefined) throw new Error(`The API has no ${path}`);
    if (type === 'subscription') return Promise.resolve(subscribe({ client, connection, path, input, signal }));
    return client[type](path, input, { ...(signal && { signal }) }).catch(rethrow);
  };
  const at = (path: string): unknown =>
    new Proxy(() => undefined, {
      // A promise would be asked for its `then` by anyone who awaits the API.
      get: (_target, name) => (typeof name === 'string' && name !== 'then' ? at(path === '' ? name : `${path}.${name}`) : undefined),
      apply: (_target, _this, [input]: unknown[]) => call(path, input),
    });
  return at('') as Api;
}

interface SubscribeOptions {
  client: TRPCUntypedClient<AppRouter>;
  connection: ClientConnection;
  path: string;
  input: unknown;
  signal: AbortSignal | undefined;
}

/** The newest value of a subscription, again and again; a value that was not taken in time is replaced by the next. */
async function* subscribe({ client, connection, path, input, signal }: SubscribeOptions): AsyncGenerator {
  let newest: { value: unknown } | null = null;
  let end: { error: Error | null } | null = null;
  let wake = (): void => undefined;
  const finish = (error: Error | null): void => {
    end ??= { error };
    wake();
  };
  connection.onEnd(() => finish(connectionLost()));
  const subscription = client.subscription(path, input, {
    onData: (value: unknown) => {
      newest = { value };
      wake();
    },
    onError: (error: unknown) => finish(toAppError(error)),
    onComplete: () => finish(null),
  });
  const onAbort = (): void => finish(null);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    for (;;) {
      const taken = takeNewest();
      if (taken) yield taken.value;
      else if (isEnded()) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    const { error } = end as unknown as { error: Error | null };
    if (error) throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    subscription.unsubscribe();
  }

  function takeNewest(): { value: unknown } | null {
    const value = newest;
    newest = null;
    return value;
  }
  function isEnded(): boolean {
    return end !== null;
  }
}

function rethrow(error: unknown): never {
  throw toAppError(error);
}

/** What the core said, in the form that a core in this process throws. */
function toAppError(error: unknown): Error {
  if (!(error instanceof TRPCClientError)) return error instanceof Error ? error : new Error(String(error));
  const { appError } = (error.data ?? {}) as { appError?: AppErrorShape };
  if (appError && Object.hasOwn(ERROR_CODES, appError.code)) {
    const { code, message, hint, fields } = appError;
    return new AppError(code, message, hint, { ...(fields && { fields }) });
  }
  return error.cause?.name === 'AbortError' ? new AppError('cancelled', 'The command was canceled.') : connectionLost();
}

function connectionLost(): AppError {
  return new AppError(
    'io',
    'The connection to the open window was lost before it answered.',
    'Look at the state (for example with `run list`), then do it again if it did not take effect.',
  );
}
