// The life of leases at an edge server: a queue, one that computes, and what is known of those that ended. No I/O, no clock.
//
//   offer -> held (queued, then computing) -> finished -> gone        A newer epoch of the same base station takes the place of an older.
//              \------- withdrawn ----------------------> gone         Base stations never touch each other's leases.
import { isSameLease, type Lease, leaseKey, taskKey } from './lease.js';

/** Bounds the memory a caller can take: about 0.5 kB a task. */
const MAX_QUEUE_LENGTH = 20_000;
/** Leases remembered per base station; more than any queue holds, and the oldest go first. */
const MAX_KNOWN_PER_STATION = 50_000;

/** `withdrawn` (by a withdrawal that overtook the offer, too) and `outdated`: the caller has to think again about the task. */
export type OfferVerdict = 'new' | 'superseding' | 'repeated' | 'outdated' | 'withdrawn' | 'full';

type Stage = 'held' | 'finished' | 'taken' | 'withdrawn';

interface Known {
  epoch: number;
  stage: Stage;
}

interface Running<Entry> {
  entry: Entry;
  isWithdrawn: boolean;
}

export interface Withdrawn {
  /** Still here: computing and left alone, or finished with its outcome on the way. */
  kept: Lease[];
  /** The computation is to be stopped. */
  stopsRunning: boolean;
  hasChanged: boolean;
}

export class EdgeTasks<Entry extends { readonly lease: Lease }> {
  readonly #queue: Entry[] = [];
  readonly #known = new Map<string, Map<string, Known>>();
  #running: Running<Entry> | null = null;

  get queued(): readonly Entry[] {
    return this.#queue;
  }

  /** What computes, withdrawn or not. */
  get running(): Entry | null {
    return this.#running?.entry ?? null;
  }

  checkOffer(lease: Lease): OfferVerdict {
    const known = this.#knownOf(lease);
    if (known && lease.epoch < known.epoch) return 'outdated';
    if (known?.epoch === lease.epoch) return known.stage === 'withdrawn' ? 'withdrawn' : 'repeated';
    if (this.#olderInQueue(lease) >= 0 || this.#isOlderRunning(lease)) return 'superseding';
    return this.#queue.length >= MAX_QUEUE_LENGTH ? 'full' : 'new';
  }

  /** Takes in what was found `new` or `superseding`; the latter inherits the place of the base station's older lease. */
  admit(entry: Entry): void {
    const position = this.#olderInQueue(entry.lease);
    if (position >= 0) this.#queue[position] = entry;
    else if (this.#running && this.#isOlderRunning(entry.lease)) this.#running.entry = entry;
    else this.#queue.push(entry);
    this.#note(entry.lease, 'held');
  }

  /**
   * Starts one of the entries that may compute; null while one computes or none may. Runs come in the order of their first entries; `next`
   * chooses among those of one run, which it is given in the order of admission.
   */
  start(mayStart: (lease: Lease) => boolean, next: (waiting: readonly Entry[]) => Entry | undefined = ([first]) => first): Entry | null {
    if (this.#running) return null;
    const first = this.#queue.find((entry) => mayStart(entry.lease));
    if (!first) return null;
    const ofRun = this.#queue.filter(({ lease }) => lease.runId === first.lease.runId && mayStart(lease));
    const entry = next(ofRun) ?? first;
    this.#queue.splice(this.#queue.indexOf(entry), 1);
    this.#running = { entry, isWithdrawn: false };
    return entry;
  }

  /** The computation has ended. Returns whose outcome it is; null when it was withdrawn and no one is to be notified. */
  end(): Entry | null {
    const running = this.#running;
    this.#running = null;
    if (!running || running.isWithdrawn) return null;
    this.#note(running.entry.lease, 'finished');
    return running.entry;
  }

  /** The base station has the outcome, or does not want it. */
  taken(lease: Lease): void {
    const known = this.#knownOf(lease);
    if (known?.epoch === lease.epoch && known.stage === 'finished') known.stage = 'taken';
  }

  /** An outcome that an earlier process of this agent has left. */
  restoreFinished(lease: Lease): void {
    if ((this.#knownOf(lease)?.epoch ?? -1) < lease.epoch) this.#note(lease, 'finished');
  }

  isFinished(lease: Lease): boolean {
    const known = this.#knownOf(lease);
    return known?.epoch === lease.epoch && known.stage === 'finished';
  }

  isHeld(lease: Lease): boolean {
    const known = this.#knownOf(lease);
    return known?.epoch === lease.epoch && known.stage === 'held';
  }

  /** Takes back exactly these leases, and older ones of the same base station with them. Says the same when it is asked again. */
  withdraw(leases: readonly Lease[], { keepRunning }: { keepRunning: boolean }): Withdrawn {
    const kept: Lease[] = [];
    const dropped = new Set<string>();
    let stopsRunning = false;
    for (const lease of leases) {
      const known = this.#knownOf(lease);
      if (known && known.epoch > lease.epoch) continue;
      const isExact = known?.epoch === lease.epoch;
      const isRunning = this.#running !== null && !this.#running.isWithdrawn && isNotNewer(this.#running.entry.lease, lease);
      if (isExact && (known.stage === 'finished' || (isRunning && keepRunning))) {
        kept.push(lease);
        continue;
      }
      if (isExact && known.stage !== 'held') continue;
      // Noted even when the lease is not here: a withdrawal may overtake the offer.
      this.#note(lease, 'withdrawn');
      if (this.#running && isRunning) {
        this.#running.isWithdrawn = true;
        stopsRunning = true;
      } else dropped.add(taskKeyAt(lease));
    }
    const hasDropped = this.#drop((entry) => dropped.has(taskKeyAt(entry.lease)));
    return { kept, stopsRunning, hasChanged: hasDropped || stopsRunning };
  }

  /** The leases that wait or compute here, by what fits. */
  held(fits: (lease: Lease) => boolean): Lease[] {
    const running = this.#running && !this.#running.isWithdrawn ? [this.#running.entry] : [];
    return [...running, ...this.#queue].map((entry) => entry.lease).filter(fits);
  }

  clear(): void {
    this.#queue.length = 0;
  }

  #drop(fits: (entry: Entry) => boolean): boolean {
    const left = this.#queue.filter((entry) => !fits(entry));
    const hasChanged = left.length < this.#queue.length;
    if (hasChanged) this.#queue.splice(0, this.#queue.length, ...left);
    return hasChanged;
  }

  #olderInQueue(lease: Lease): number {
    return this.#queue.findIndex((entry) => isNotNewer(entry.lease, lease));
  }

  /** One that was withdrawn hands nothing on: its computation is being stopped. */
  #isOlderRunning(lease: Lease): boolean {
    return this.#running !== null && !this.#running.isWithdrawn && isNotNewer(this.#running.entry.lease, lease);
  }

  #knownOf(lease: Lease): Known | undefined {
    return this.#known.get(lease.baseStationId)?.get(taskKey(lease));
  }

  #note(lease: Lease, stage: Stage): void {
    let known = this.#known.get(lease.baseStationId);
    if (!known) this.#known.set(lease.baseStationId, (known = new Map<string, Known>()));
    const key = taskKey(lease);
    known.delete(key);
    known.set(key, { epoch: lease.epoch, stage });
    if (known.size <= MAX_KNOWN_PER_STATION) return;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }
}

/** The same task of the same base station, under this or an older lease. */
function isNotNewer(held: Lease, lease: Lease): boolean {
  return isSameLease({ ...held, epoch: lease.epoch }, lease) && held.epoch <= lease.epoch;
}

function taskKeyAt(lease: Lease): string {
  return leaseKey({ ...lease, epoch: 0 });
}
