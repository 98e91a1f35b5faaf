// One call of the API on behalf of a client: its answer, or its stream of answers, as messages.
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import { appRouter } from '../../api/router.js';
import type { CallMessage, CoreMessage } from '../../../shared/api/call-protocol.js';
import type { Services } from '../../api/services.js';

export interface CallOptions {
  services: Services;
  /** After it aborts nothing is sent any more. */
  signal: AbortSignal;
  reply(message: CoreMessage): void;
  /** Resolves when the client has taken the value of its subscription that was sent last. */
  untilTaken(): Promise<void>;
}

/** Runs a call to its end and gives `reply` what comes. Never rejects. */
export async function callProcedure(call: CallMessage, { services, signal, reply, untilTaken }: CallOptions): Promise<void> {
  const { id, type, path, input } = call;
  const ctx = { services };
  const send = (message: CoreMessage): void => {
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
    if (type === 'subscription') await sendEach(id, result as AsyncIterable<unknown>, signal, { send, untilTaken });
    else send({ kind: 'data', id, data: toPlain(result) });
  } catch (thrown) {
    const error = getTRPCErrorFromUnknown(thrown);
    send({
      kind: 'error',
      id,
      error: toPlain(getTRPCErrorShape({ config: appRouter._def._config, error, type, path, input, ctx })) as object,
    });
  }
}

/** The next value is asked of the source only when the client has taken the one before: a stream of the newest stays one behind a slow client. */
async function sendEach(
  id: number,
  values: AsyncIterable<unknown>,
  signal: AbortSignal,
  { send, untilTaken }: { send(message: CoreMessage): void; untilTaken(): Promise<void> },
): Promise<void> {
  const iterator = values[Symbol.asyncIterator]();
  const aborted = new Promise<{ done: true }>((resolve) => signal.addEventListener('abort', () => resolve({ done: true }), { once: true }));
  send({ kind: 'started', id });
  try {
    // The races end a stream that does not listen to its signal, and one whose client takes nothing any more.
    while (!signal.aborted) {
      const next: { done?: boolean; value?: unknown } = await Promise.race([iterator.next(), aborted]);
      if (next.done) break;
      const taken = untilTaken();
      send({ kind: 'data', id, data: toPlain(next.value) });
      await Promise.race([taken, aborted]);
    }
  } finally {
    void iterator.return?.();
  }
  send({ kind: 'ended', id });
}

/** What JSON makes of a value: every client gets the same, whatever carries it. */
function toPlain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
