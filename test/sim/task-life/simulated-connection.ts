// The control center's side of one node: whether it is connected, and what is said to it.
import type { Lease } from '../../../src/shared/task-life/lease.js';
import type { SimulatedAgent } from './simulated-agent.js';
import type { Answer, Party, Respond, World } from './world.js';

const CALL_TIMEOUT_MS = 10_000;

export class SimulatedConnection {
  readonly agent: SimulatedAgent;
  isConnected = false;
  isConfigured = false;
  isConnecting = false;
  /** The agent's process at the other end: its end breaks the connection. */
  life = 0;
  readyAtMs: number;
  listedAtMs = 0;
  /** What was sent to it last about holding; null when it is not known whether it heard. */
  saidHold: boolean | null = null;
  readonly #world: World;
  readonly #party: Party;
  /** What is said to the node, one after the other; the first is under way. */
  readonly #talks: ((next: () => void) => void)[] = [];

  /** @param party the process of the control center */
  constructor(world: World, party: Party, agent: SimulatedAgent) {
    this.#world = world;
    this.#party = party;
    this.agent = agent;
    this.readyAtMs = world.nowMs;
  }

  get isReady(): boolean {
    return this.isConnected && this.isConfigured;
  }

  get isTalking(): boolean {
    return this.#talks.length > 0;
  }

  /** Starts `talk` when those before it have called `next`. */
  say(talk: (next: () => void) => void): void {
    const next = (): void => {
      this.#talks.shift();
      this.#talks[0]?.(next);
    };
    this.#talks.push(talk);
    if (this.#talks.length === 1) talk(next);
  }

  /** A call that the agent answers at once. */
  call<T>(handle: () => Answer<T>, done: (answer: Answer<T>) => void, timeoutMs = CALL_TIMEOUT_MS): void {
    this.#call(timeoutMs, (respond) => respond(handle()), done);
  }

  cancel(leases: readonly Lease[] | null, keepRunning: boolean, done: (answer: Answer<Lease[]>) => void): void {
    this.#call<Lease[]>(CALL_TIMEOUT_MS, (respond) => this.agent.cancel({ leases, keepRunning }, respond), done);
  }

  #call<T>(timeoutMs: number, handle: (respond: Respond<T>) => void, done: (answer: Answer<T>) => void): void {
    this.#world.call<T>({ from: this.#party, to: this.agent.party, timeoutMs }, handle, done);
  }
}
