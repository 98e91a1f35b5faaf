// One call of the API on behalf of a window: its answer, or its stream of answers, as messages.
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import { appRouter } from '../api/router.js';
import type { CallMessage, CoreMessage } from '../../shared/api/ipc-protocol.js';
import type { Services } from '../services.js';

/** Runs a call to its end and tells `reply` what comes. After `signal` aborts nothing is told any more. Never rejects. */
export async function callProcedure(
  call: CallMessage,
  services: Services,
  signal: AbortSignal,
  reply: (message: CoreMessage) => void,
): Promise<void> {
  const { id, type, path, input } = call;
  const ctx = { services };
  const tell = (message: CoreMessage): void => {
    if (!signal.aborted) reply(message);
  };
  try {
    const result: unknown = await callTRPCProcedure({
      router: appRouter,
      path,
      type,
      ctx,
      getRawInput: () => Promise.resolve(input),
      signal,
      batchIndex: 0,
    });
    if (type === 'subscription') await tellEach(id, result as AsyncIterable<unknown>, signal, tell);
    else tell({ kind: 'data', id, data: toPlain(result) });
  } catch (thrown) {
    const error = getTRPCErrorFromUnknown(thrown);
    tell({
      kind: 'error',
      id,
      error: toPlain(getTRPCErrorShape({ config: appRouter._def._config, error, type, path, input, ctx })) as object,
    });
  }
}

async function tellEach(
  id: number,
  values: AsyncIterable<unknown>,
  signal: AbortSignal,
  tell: (message: CoreMessage) => void,
): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  const aborted = new Promise<{ done: true }>((resolve) => signal.addEventListener('abort', () => resolve({ done: true }), { once: true }));
  tell({ kind: 'started', id });
  try {
    // The race ends a stream that does not listen to its signal.
    while (!signal.aborted) {
      const next: { done?: boolean; value?: unknown } = await Promise.race([iterator.next(), aborted]);
      if (next.done) break;
      tell({ kind: 'data', id, data: toPlain(next.value) });
    }
  } finally {
    void iterator.return?.();
  }
  tell({ kind: 'ended', id });
}

/** What JSON makes of a value: the window gets the same from this shell as over the WebSocket of the other. */
function toPlain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
