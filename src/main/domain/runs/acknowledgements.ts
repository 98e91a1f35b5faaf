// Sends agents, in batches, which outcomes are safe on disk here. A lost acknowledgement is harmless: the outcome comes again and is
// recognized as a duplicate.
import { type Lease, leaseKey } from '../../../shared/task-life/lease.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';

/** Real milliseconds to wait for more before one call goes out. */
const GATHER_MS = 25;

export class Acknowledgements {
  readonly #waiting = new Map<string, Map<string, Lease>>();
  readonly #clientOf: (nodeId: string) => AgentClient | null;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(clientOf: (nodeId: string) => AgentClient | null) {
    this.#clientOf = clientOf;
  }

  add(nodeId: string, lease: Lease): void {
    const waiting = this.#waiting.get(nodeId);
    if (waiting) {
      waiting.set(leaseKey(lease), lease);
      return;
    }
    this.#waiting.set(nodeId, new Map([[leaseKey(lease), lease]]));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#flush(nodeId);
    }, GATHER_MS);
    this.#timers.add(timer);
  }

  /** Sends what is gathered now and waits for it; failures are ignored for the reason above. */
  async flushAll(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((nodeId) => this.#flush(nodeId)));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
  }

  #flush(nodeId: string): Promise<void> {
    const leases = this.#waiting.get(nodeId);
    this.#waiting.delete(nodeId);
    const client = this.#clientOf(nodeId);
    if (!leases || leases.size === 0 || !client) return Promise.resolve();
    return client.acknowledge([...leases.values()]).catch(() => undefined);
  }
}
