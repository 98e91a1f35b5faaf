// One series at a time has a testbed; the others wait for it in the order in which they came.

interface Waiting {
  id: string;
  name: string;
  wake(): void;
}

export class TestbedTurns {
  /** The first of each has the testbed. */
  readonly #queues = new Map<string, Waiting[]>();

  /** Resolves with what gives the turn back when it has come, or with null when the signal aborted before. */
  async take(testbedId: string, who: { id: string; name: string }, signal: AbortSignal): Promise<(() => void) | null> {
    const queue = this.#queues.get(testbedId) ?? [];
    this.#queues.set(testbedId, queue);
    const isMyTurn = (): boolean => queue[0] === mine;
    const mine: Waiting = { ...who, wake: () => undefined };
    queue.push(mine);
    const leave = (): void => {
      const index = queue.indexOf(mine);
      if (index >= 0) queue.splice(index, 1);
      queue[0]?.wake();
    };
    while (!isMyTurn() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        mine.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (!signal.aborted) return leave;
    leave();
    return null;
  }

  /** Who comes right before it on the testbed; null where it does not wait. */
  ahead(testbedId: string, id: string): { id: string; name: string } | null {
    const queue = this.#queues.get(testbedId) ?? [];
    const before = queue[queue.findIndex((waiting) => waiting.id === id) - 1];
    return before ? { id: before.id, name: before.name } : null;
  }

  /** Who has the testbed; null where no series has. */
  holder(testbedId: string): { id: string; name: string } | null {
    const first = this.#queues.get(testbedId)?.[0];
    return first ? { id: first.id, name: first.name } : null;
  }
}
