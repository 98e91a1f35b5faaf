// What one station can ask in one slot of the simulator, answered in the terms of Eqs. 2 and 3. The station under way is the only one whose
// tasks and links the answers can reach, no matter who holds on to the functions.
import type { EpisodeArrivals } from '../../environment/arrivals.js';
import type { Environment } from '../../environment/environment.js';
import type { SlotObservation } from '../../environment/simulator-policy.js';

const UNDECIDED = -1;

export class StationSlot {
  readonly serverCount: number;
  /** 0 to B - 1. */
  readonly servers: readonly number[];
  /** f, a copy. */
  readonly speeds: ArrayLike<number>;
  readonly #secPerGigacycle: Float64Array;
  /** What is thought to wait at each server, Gigacycles: as reported and expected, or as it truly is. */
  readonly #loadGigacycles: Float64Array;
  readonly #areQueuesTrue: boolean;
  #observation!: SlotObservation;
  #arrivals!: EpisodeArrivals;
  #choices!: Int32Array;
  #slotWork: Float64Array | null = null;
  /** Of the station under way: its first task in the episode, how many, and its row of links. */
  #first = 0;
  #taskCount = 0;
  #linkRow = 0;

  /** @param areQueuesTrue whether each station sees what those before it have placed in the slot */
  constructor({ config, capacityGigacyclesPerSec }: Environment, { areQueuesTrue }: { areQueuesTrue: boolean }) {
    this.serverCount = config.baseStations;
    this.servers = Array.from({ length: config.baseStations }, (_, server) => server);
    this.speeds = capacityGigacyclesPerSec.slice();
    this.#secPerGigacycle = capacityGigacyclesPerSec.map((rate) => 1 / rate);
    this.#loadGigacycles = new Float64Array(config.baseStations);
    this.#areQueuesTrue = areQueuesTrue;
  }

  /** Starts a slot; `choices` has a cell for each of its tasks. */
  startSlot(observation: SlotObservation, choices: Int32Array): void {
    this.#observation = observation;
    this.#arrivals = observation.arrivals;
    this.#choices = choices.fill(UNDECIDED);
    this.#slotWork = null;
    this.#loadGigacycles.set(observation.backlogGigacycles);
  }

  /** From here on all answers are for this station. */
  startStation(station: number, first: number, taskCount: number): void {
    this.#first = first;
    this.#taskCount = taskCount;
    this.#linkRow = this.#observation.slot * this.#arrivals.links.slotStride + station * this.serverCount;
    if (!this.#areQueuesTrue) this.#loadGigacycles.set(this.#observation.backlogGigacycles);
  }

  readonly place = (task: number, server: number): void => {
    const at = this.#at(task);
    const cell = at - this.#observation.firstTask;
    if (this.#choices[cell] !== UNDECIDED) throw new RangeError(`Task ${task} of a batch is placed twice.`);
    this.#choices[cell] = server;
    if (this.#areQueuesTrue) this.#loadGigacycles[server]! += this.#arrivals.workGigacycles[at]!;
  };

  readonly work = (task: number): number => this.#arrivals.workGigacycles[this.#at(task)]!;

  readonly computeSec = (task: number, server: number): number => this.work(task) * this.#secPerGigacycle[server]!;

  readonly delaySec = (task: number, server: number): number => {
    const at = this.#at(task);
    const { sizeMbit, resultMbit, workGigacycles, links } = this.#arrivals;
    const link = this.#linkRow + server;
    return (
      (this.#loadGigacycles[server]! + workGigacycles[at]!) * this.#secPerGigacycle[server]! +
      sizeMbit[at]! * links.uploadSecPerMbit[link]! +
      resultMbit[at]! * links.downloadSecPerMbit[link]!
    );
  };

  /** As `delaySec` one server after the other, in one loop for speed. */
  readonly leastDelay = (task: number, among: readonly number[]): number => {
    const at = this.#at(task);
    const { uploadSecPerMbit, downloadSecPerMbit } = this.#arrivals.links;
    const size = this.#arrivals.sizeMbit[at]!;
    const result = this.#arrivals.resultMbit[at]!;
    const work = this.#arrivals.workGigacycles[at]!;
    const linkRow = this.#linkRow;
    const load = this.#loadGigacycles;
    const secPerGigacycle = this.#secPerGigacycle;
    let best = among[0]!;
    let minSec = Infinity;
    for (let i = 0; i < among.length; i++) {
      const server = among[i]!;
      const link = linkRow + server;
      const delaySec =
        (load[server]! + work) * secPerGigacycle[server]! + size * uploadSecPerMbit[link]! + result * downloadSecPerMbit[link]!;
      if (delaySec < minSec) {
        minSec = delaySec;
        best = server;
      }
    }
    return best;
  };

  readonly expect = (task: number, server: number, times = 1): void => {
    this.#loadGigacycles[server]! += times * this.#arrivals.workGigacycles[this.#at(task)]!;
  };

  readonly slotWork = (): ArrayLike<number> => {
    const { firstTask, endTask } = this.#observation;
    this.#slotWork ??= this.#arrivals.workGigacycles.slice(firstTask, endTask).sort();
    return this.#slotWork;
  };

  /** The place in the episode of a task of the station; another station's tasks have no number here. */
  #at(task: number): number {
    if (task >= 0 && task < this.#taskCount) return this.#first + task;
    throw new RangeError(`There is no task ${task} in a batch of ${this.#taskCount}.`);
  }
}
