// Ports that stay the same over restarts: taken below the range from which operating systems draw ports for outgoing connections.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const MAX_TRIES = 64;
/** A predecessor that is just ending lets go of the preferred port within this time, on a busy machine too; another program keeps it longer. */
const PREFERRED_WITHIN_MS = 5_000;
const PREFERRED_RETRY_MS = 50;

/** A random port for a service that is to keep it; not checked. */
function randomStablePort(): number {
  return randomInt(LOWEST_PORT, HIGHEST_PORT);
}

/** Calls `listen` with the preferred port, again for five seconds, and then with random ones until it does not reject with EADDRINUSE; returns the port. */
export async function listenOnStablePort(preferredPort: number | null, listen: (port: number) => Promise<void>): Promise<number> {
  let port = preferredPort ?? randomStablePort();
  const preferUntilMs = preferredPort === null ? 0 : performance.now() + PREFERRED_WITHIN_MS;
  for (let attempt = 1; ;) {
    try {
      await listen(port);
      return port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (attempt === MAX_TRIES || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
      if (port === preferredPort && code === 'EADDRINUSE' && performance.now() < preferUntilMs) await delay(PREFERRED_RETRY_MS);
      else [port, attempt] = [randomStablePort(), attempt + 1];
    }
  }
}

/** The preferred port when it is free on `host` now, else another that is. Something else may take it before the caller does. */
export function findFreePort(host: string, preferredPort: number | null): Promise<number> {
  return listenOnStablePort(
    preferredPort,
    (port) =>
      new Promise((resolve, reject) => {
        const server = createServer();
        server.once('error', reject);
        server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
      }),
  );
}
