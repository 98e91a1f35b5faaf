// Ports that stay the same over restarts: taken below the range from which operating systems draw ports for outgoing connections.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const MOST_TRIES = 64;
/** A predecessor that is just ending gets this long to let go of the preferred port. */
const PREFERRED_TRIES = 10;
const PREFERRED_RETRY_MS = 50;

/** A random port for a service that is to keep it; not checked. */
function randomStablePort(): number {
  return randomInt(LOWEST_PORT, HIGHEST_PORT);
}

/** Calls `listen` with the preferred port, again for half a second, and then with random ones until it does not reject with EADDRINUSE; returns the port. */
export async function listenOnStablePort(preferredPort: number | null, listen: (port: number) => Promise<void>): Promise<number> {
  let port = preferredPort ?? randomStablePort();
  for (let attempt = 1; ; attempt++) {
    try {
      await listen(port);
      return port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (attempt === MOST_TRIES || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
      if (preferredPort !== null && attempt < PREFERRED_TRIES) await delay(PREFERRED_RETRY_MS);
      else port = randomStablePort();
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
