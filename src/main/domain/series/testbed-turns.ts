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

  /** Lets one that waits come before or after others that wait, in words why not; null where it did. */
  move(testbedId: string, id: string, { to, places }: { to: 'earlier' | 'later'; places: number }): string | null {
    const queue = this.#queues.get(testbedId) ?? [];
    const index = queue.findIndex((waiting) => waiting.id === id);
    const mine = queue[index];
    // The first has the testbed.
    if (!mine || index === 0) return 'it does not wait for its testbed';
    const target = to === 'earlier' ? Math.max(1, index - places) : Math.min(queue.length - 1, index + places);
    if (target === index) return `no series waits ${to === 'earlier' ? 'before' : 'after'} it on its testbed`;
    queue.splice(index, 1);
    queue.splice(target, 0, mine);
    return null;
  }

  /** Who has the testbed; null where no series has. */
  holder(testbedId: string): { id: string; name: string } | null {
    const first = this.#queues.get(testbedId)?.[0];
    return first ? { id: first.id, name: first.name } : null;
  }
}
