// The API over one connection: runs the calls of its client, and forgets them when the connection ends.
import { clientMessageSchema } from '../../../shared/api/call-protocol.js';
import type { CoreConnection } from '../../../shared/api/call-protocol.js';
import type { Services } from '../../api/services.js';
import { callProcedure } from './call-procedure.js';

/** Calls that one client may have open at once; one that asks for more is broken. */
const MAX_OPEN_CALLS = 500;

interface OpenCall {
  controller: AbortController;
  /** Called when the client takes a value of its subscription. */
  taken(): void;
}

/** Serves the API to a client until the connection ends. `onProblem` hears of refused messages. */
export function serveCalls(connection: CoreConnection, services: Services, onProblem: (message: string) => void): void {
  const open = new Map<number, OpenCall>();

  connection.onMessage((raw) => {
    const parsed = clientMessageSchema.safeParse(raw);
    if (!parsed.success) return onProblem('A message of a client that is none was refused');
    const message = parsed.data;
    if (message.kind === 'stop') {
      open.get(message.id)?.controller.abort();
      open.delete(message.id);
      return;
    }
    if (message.kind === 'next') return open.get(message.id)?.taken();
    if (open.has(message.id) || open.size >= MAX_OPEN_CALLS) return onProblem(`Call ${message.id} of a client was refused`);

    const call: OpenCall = { controller: new AbortController(), taken: () => undefined };
    open.set(message.id, call);
    void callProcedure(message, {
      services,
      signal: call.controller.signal,
      reply: (answer) => connection.post(answer),
      untilTaken: () => new Promise((resolve) => (call.taken = resolve)),
    }).finally(() => {
      if (open.get(message.id) === call) open.delete(message.id);
    });
  });

  connection.onEnd(() => {
    for (const { controller } of open.values()) controller.abort();
    open.clear();
  });
}
