// Stands before one port and can fall silent, as a firewall does: what comes in is neither answered nor refused, what is on its way waits,
// and connections that outlive the cut continue when it heals. Anyone who is behind it can still call out.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  outside: Socket;
  inside: Socket | null;
}

export class CutProxy {
  readonly #server: Server;
  readonly #targetPort: () => number;
  readonly #pairs = new Set<Pair>();
  #isCut = false;

  private constructor(targetPort: () => number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ pauseOnConnect: true }, (socket) => this.#take(socket));
  }

  /** Listens on an ephemeral port of the loopback interface. The target's port is asked at each connection. */
  static async open(targetPort: () => number): Promise<CutProxy> {
    const proxy = new CutProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const { outside, inside } of this.#pairs) {
      outside.unpipe().pause();
      inside?.unpipe().pause();
    }
  }

  heal(): void {
    this.#isCut = false;
    for (const pair of this.#pairs) this.#join(pair);
  }

  async close(): Promise<void> {
    for (const { outside, inside } of this.#pairs) {
      outside.destroy();
      inside?.destroy();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(outside: Socket): void {
    const pair: Pair = { outside, inside: null };
    this.#pairs.add(pair);
    outside.on('error', () => undefined);
    outside.on('close', () => {
      this.#pairs.delete(pair);
      pair.inside?.destroy();
    });
    if (!this.#isCut) this.#join(pair);
  }

  #join(pair: Pair): void {
    const { outside } = pair;
    pair.inside ??= connect({ host: '127.0.0.1', port: this.#targetPort() })
      .on('error', () => outside.destroy())
      .on('close', () => outside.destroy());
    outside.pipe(pair.inside);
    pair.inside.pipe(outside);
  }
}
