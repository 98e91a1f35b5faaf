// A world in virtual time for the exploration of a task's life: processes that are restarted and suspended, and a network that loses,
// delays, repeats and cuts. Everything random comes from one seed.
import { createRandom, type RandomSource } from '../../../src/random/random.js';

/** A process. What it has scheduled ends with it; while it is suspended its time stands still. */
export interface Party {
  readonly id: string;
  /** Grows with each restart. */
  life: number;
  isDown: boolean;
  suspendedUntilMs: number;
}

/** What the network does to messages now. */
export interface Weather {
  lossShare: number;
  repeatShare: number;
  maxDelayMs: number;
}

export const FAIR: Weather = { lossShare: 0, repeatShare: 0, maxDelayMs: 20 };

interface Event {
  atMs: number;
  order: number;
  run: () => void;
}

/** `null`: no answer came. */
export type Answer<T> = { said: T } | { refused: string } | null;
export type Respond<T> = (answer: Answer<T>) => void;

export class World {
  readonly random: RandomSource;
  readonly log: string[] = [];
  readonly parties = new Map<string, Party>();
  readonly #cuts = new Map<string, number>();
  readonly #blocks = new Map<string, number>();
  readonly #events: Event[] = [];
  weather: Weather = FAIR;
  nowMs = 0;
  #order = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  note(text: string): void {
    this.log.push(`${(this.nowMs / 1000).toFixed(3)} ${text}`);
  }

  int(below: number): number {
    return Math.floor(this.random.nextFloat() * below);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  isIn(share: number): boolean {
    return share > 0 && this.random.nextFloat() < share;
  }

  /** Several cuts of one way may overlap; it is open again when all have healed. */
  cut(fromId: string, toId: string, change: 1 | -1): void {
    const way = `${fromId}>${toId}`;
    this.#cuts.set(way, (this.#cuts.get(way) ?? 0) + change);
  }

  /** A firewall: calls of one way are not let in, while answers to calls of the other are. */
  block(fromId: string, toId: string, change: 1 | -1): void {
    const way = `${fromId}>${toId}`;
    this.#blocks.set(way, (this.#blocks.get(way) ?? 0) + change);
  }

  /** Runs something in the life of a process: not after its restart, and not while it is suspended. */
  in(party: Party, delayMs: number, run: () => void): void {
    const { life } = party;
    const attempt = (): void => {
      if (party.life !== life || party.isDown) return;
      const waitMs = party.suspendedUntilMs - this.nowMs;
      if (waitMs > 0) this.at(waitMs, attempt);
      else run();
    };
    this.at(delayMs, attempt);
  }

  every(party: Party, intervalMs: number, run: () => void): void {
    const step = (): void => {
      run();
      this.in(party, intervalMs, step);
    };
    this.in(party, this.random.nextFloat() * intervalMs, step);
  }

  at(delayMs: number, run: () => void): void {
    const event = { atMs: this.nowMs + delayMs, order: this.#order++, run };
    let index = this.#events.length;
    this.#events.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#events[parent];
      if (!above || isBefore(above, event)) break;
      this.#events[index] = above;
      index = parent;
    }
    this.#events[index] = event;
  }

  /** A remote call: two messages, each at the mercy of the network. `done` is called once, in the caller's life. */
  call<T>(
    way: { from: Party; to: Party; timeoutMs: number },
    handle: (respond: Respond<T>) => void,
    done: (answer: Answer<T>) => void,
  ): void {
    const { from, to, timeoutMs } = way;
    let isDone = false;
    const finish = (answer: Answer<T>): void => {
      if (isDone) return;
      isDone = true;
      done(answer);
    };
    this.in(from, timeoutMs, () => finish(null));
    const respond: Respond<T> = (answer) => this.#send(to, from, () => finish(answer));
    if ((this.#blocks.get(`${from.id}>${to.id}`) ?? 0) > 0) return;
    this.#send(from, to, () => handle(respond));
    if (this.isIn(this.weather.repeatShare)) this.#send(from, to, () => handle(respond));
  }

  /** One step; false when nothing is left to happen. */
  step(): boolean {
    const [first] = this.#events;
    const last = this.#events.pop();
    if (!first || !last) return false;
    if (this.#events.length > 0) this.#sink(last);
    this.nowMs = first.atMs;
    first.run();
    return true;
  }

  #send(from: Party, to: Party, arrive: () => void): void {
    if (this.#isCut(from, to) || this.isIn(this.weather.lossShare)) return;
    const delayMs = 1 + this.random.nextFloat() * this.weather.maxDelayMs;
    this.at(delayMs, () => {
      if (!this.#isCut(from, to)) this.in(to, 0, arrive);
    });
  }

  #isCut(from: Party, to: Party): boolean {
    return from.id !== to.id && (this.#cuts.get(`${from.id}>${to.id}`) ?? 0) > 0;
  }

  #sink(event: Event): void {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = this.#events[child];
      if (!left) break;
      const right = this.#events[child + 1];
      const smaller = right && isBefore(right, left) ? right : left;
      if (smaller === right) child += 1;
      if (isBefore(event, smaller)) break;
      this.#events[index] = smaller;
      index = child;
    }
    this.#events[index] = event;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
