// Whether anything is behind a TCP port of another host, by one attempt to connect.
import { connect } from 'node:net';

/** `closed`: the host answers that nothing listens, so the way to it is free. `silent`: no answer at all, as when a firewall drops it. */
export type PortAnswer = 'open' | 'closed' | 'silent';

/** Never throws: a host that can't be reached or has no address is silent. */
export function tryPort({
  host,
  port,
  timeoutMs,
  signal,
}: {
  host: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<PortAnswer> {
  if (signal.aborted) return Promise.resolve('silent');
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: PortAnswer): void => {
      socket.destroy();
      signal.removeEventListener('abort', give);
      resolve(answer);
    };
    const give = (): void => settle('silent');
    signal.addEventListener('abort', give, { once: true });
    socket.setTimeout(timeoutMs, give);
    socket.once('connect', () => settle('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED' ? 'closed' : 'silent'));
  });
}
