// TCP proxies that share one link of a given rate, toward the servers behind them: an uplink that many nodes have in common.
import { createServer, type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes are let through this far ahead of the rate, real ms: timers are not exact. */
const AHEAD_MS = 10;

export interface SlowLink {
  /** Bytes that went through toward the servers so far. */
  sentBytes(): number;
  /** A port on loopback that leads to another one over the link. */
  leadTo(port: number): Promise<number>;
  close(): Promise<void>;
}

export function openSlowLink(bytesPerSec: number): SlowLink {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let freeAtMs = 0;
  let sentBytes = 0;
  const pass = async (bytes: number): Promise<void> => {
    sentBytes += bytes;
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes / bytesPerSec) * 1000;
    const waitMs = freeAtMs - performance.now() - AHEAD_MS;
    if (waitMs > 0) await delay(waitMs);
  };
  const join = (client: Socket, port: number): void => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    server.pipe(client);
    client.on('data', (chunk: Buffer) => {
      client.pause();
      void pass(chunk.length).then(() => {
        if (server.write(chunk)) client.resume();
        else server.once('drain', () => client.resume());
      });
    });
    client.on('end', () => server.end());
  };
  return {
    sentBytes: () => sentBytes,
    async leadTo(port) {
      const server = createServer((client) => join(client, port));
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
