// Power readings of one node into joules, over those parts of a run that were really measured. Pure: every instant comes in.
import type { PowerMeter } from '../../../../shared/energy.js';

/** What was measured so far on one node in a run; REAL milliseconds. */
export interface MeasuredEnergy {
  nodeId: string;
  source: PowerMeter;
  /** Rails or cards in the sum. */
  measured: string[];
  coveredMs: number;
  joules: number;
  /** Of the covered time, that in which the GPU's load was reported, and that of it in which it had nothing to do. */
  loadKnownMs: number;
  idleMs: number;
}

export interface PowerReading {
  /** Epoch ms. */
  atMs: number;
  source: PowerMeter;
  measured: string[];
  watts: number;
  /** 0..100; null where it is not reported. */
  gpuPercent: number | null;
}

/** A GPU that does less than this has nothing to do, in percent. */
const IDLE_BELOW_PERCENT = 5;

export class PowerIntegral {
  #energy: MeasuredEnergy | null;
  #last: PowerReading | null = null;
  /** The run's clock goes since then; null while it does not. */
  #openedAtMs: number | null = null;

  /** `maxGapMs`: two readings that are further apart leave a gap that is not covered. */
  constructor(
    private readonly nodeId: string,
    private readonly maxGapMs: number,
    stored: MeasuredEnergy | null = null,
  ) {
    this.#energy = stored;
  }

  get energy(): MeasuredEnergy | null {
    return this.#energy;
  }

  get isOpen(): boolean {
    return this.#openedAtMs !== null;
  }

  open(atMs: number): void {
    this.#openedAtMs ??= atMs;
  }

  /** What was read last holds until then, where it is not too old. */
  close(atMs: number): void {
    if (this.#last) this.#cover(this.#last, { ...this.#last, atMs });
    this.#openedAtMs = null;
  }

  /** Oldest first; readings that are not newer than the one before are left out. */
  take(reading: PowerReading): void {
    if (this.#last && reading.atMs <= this.#last.atMs) return;
    // What is summed must stay the same thing.
    const known = this.#energy;
    if (known && known.measured.join() !== reading.measured.join()) return;
    if (this.#last) this.#cover(this.#last, reading);
    this.#last = reading;
  }

  /** The trapezoid between two readings, as much of it as lies within the run. */
  #cover(from: PowerReading, to: PowerReading): void {
    const span = to.atMs - from.atMs;
    if (this.#openedAtMs === null || span <= 0 || span > this.maxGapMs) return;
    const startMs = Math.max(from.atMs, this.#openedAtMs);
    const ms = to.atMs - startMs;
    if (ms <= 0) return;
    const startWatts = from.watts + ((to.watts - from.watts) * (startMs - from.atMs)) / span;
    const energy = (this.#energy ??= { ...emptyEnergy(this.nodeId), source: from.source, measured: from.measured });
    energy.coveredMs += ms;
    energy.joules += (((startWatts + to.watts) / 2) * ms) / 1000;
    if (from.gpuPercent === null) return;
    energy.loadKnownMs += ms;
    if (from.gpuPercent < IDLE_BELOW_PERCENT) energy.idleMs += ms;
  }
}

function emptyEnergy(nodeId: string): Omit<MeasuredEnergy, 'source' | 'measured'> {
  return { nodeId, coveredMs: 0, joules: 0, loadKnownMs: 0, idleMs: 0 };
}
