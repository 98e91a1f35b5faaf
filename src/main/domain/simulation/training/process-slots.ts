import { availableParallelism } from 'node:os';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';

/** Places for child processes that keep a core busy, shared by all who start such processes. */
export class ProcessSlots {
  readonly #freed = new ChangeTopic();
  #free: number;

  /** `count`: the machine's cores where absent. */
  constructor(readonly count: number = availableParallelism()) {
    this.#free = count;
  }

  /** False when every place is taken. Anyone who gets one gives it back with `release`. */
  tryTake(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  release(): void {
    this.#free++;
    this.#freed.announce();
  }

  /** Calls the listener after each release, in the order of subscription: who comes first may take the place first. */
  onFree(listener: () => void): void {
    this.#freed.subscribe(listener);
  }
}
