// What becomes of a run while nothing can be stored on this computer: it waits, its nodes are notified when that lasts, and it continues.
import type { AppError } from '../../../shared/errors.js';
import type { RunHold } from '../../../shared/run.js';
import type { Log } from '../../adapters/log/log.js';
import { describeFailure } from '../../adapters/log/report-internal-error.js';
import type { ImageSink } from './outcome-intake.js';
import type { RunLife } from './run-life.js';
import type { ExecutionStore } from './run-store.js';
import type { StorageHoldOptions } from './storage-hold.js';

export interface HeldRunOptions {
  life: RunLife;
  store: Pick<ExecutionStore, 'updateRun' | 'addInvalidReason'>;
  images: ImageSink;
  heldResults(): number;
  /** Nodes are to hear whether to start anything new. */
  sayHold(): Promise<void>;
  /** The run waits from now on, in words. */
  waits(message: string): void;
  /** What waited can be done. */
  wentOn(): void;
  changed(): void;
  record(kind: string, message: string): void;
  nowMs(): number;
  log?: Log;
}

/** An image of that size must be storable before a held run continues. */
const PROBE_BYTES = 2 * 1024 * 1024;
/** Real ms that a hold may take before the run's figures are of that too. */
const HOLD_MATTERS_MS = 1000;

export class HeldRun implements StorageHoldOptions {
  readonly #options: HeldRunOptions;
  /** Real ms held that its row does not report of yet. */
  #unreportedMs = 0;
  #isLasting = false;

  constructor(options: HeldRunOptions) {
    this.#options = options;
  }

  /** Nothing can be stored for so long that nodes need not continue making what can't be kept. */
  get isLasting(): boolean {
    return this.#isLasting;
  }

  /** As a result would be written: an image, then a row. */
  async probe(): Promise<void> {
    const { images, store, life } = this.#options;
    await images.probe?.(PROBE_BYTES);
    store.updateRun(life.run.id, { state: life.run.state });
  }

  started(error: AppError): void {
    const { life, log, record, waits, changed } = this.#options;
    const thrown = error.code === 'internal' ? (error.cause ?? error) : error;
    describeFailure(log, thrown, { doing: 'storing results', runId: life.run.id });
    life.isHeldByStorage = life.state === 'running';
    waits(`Paused: ${error.message}`);
    record('run-held', `Run “${life.run.spec.name}” waits: ${error.message}`);
    changed();
  }

  /** By way of the nodes' own book, which says again what one of them did not hear: it would stay held for ever. */
  lasting(): void {
    this.#isLasting = this.#options.life.state === 'paused';
    void this.#options.sayHold();
  }

  ended(hold: RunHold, heldMs: number): void {
    const { life, store, sayHold, record, wentOn } = this.#options;
    // Before the start nothing was measured.
    if (life.hasStarted) this.#unreportedMs += heldMs;
    if (this.#unreportedMs >= HOLD_MATTERS_MS) {
      const reason = `For ${Math.ceil(this.#unreportedMs / 1000)} s nothing could be stored on this computer: ${hold.error.message}`;
      store.addInvalidReason(life.run.id, reason);
      this.#unreportedMs = 0;
    }
    life.isHeldByStorage = false;
    this.#isLasting = false;
    void sayHold();
    record('run-went-on', `Run “${life.run.spec.name}” continues after ${(heldMs / 1000).toFixed(1)} s.`);
    wentOn();
  }

  heldResults(): number {
    return this.#options.heldResults();
  }

  changed(): void {
    this.#options.changed();
  }

  nowMs(): number {
    return this.#options.nowMs();
  }
}
