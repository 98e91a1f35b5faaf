// A run on a simulated testbed, task by task, with the very policies that agents follow and their rules of offers and refusals. Pure; model
// time in seconds.
//
//   instant:  stations take turns, a task each, as if all messages took no time
//   turn:     decide the batch on what the servers report now -> offer the next task -> accepted, or refused and decided again
//
// What it leaves out: control (messages, decisions, programs), the way back of images, the spread of compute times, nodes and tasks that fail.
import type { RandomSource } from '../../random/random.js';
import { inPlacingOrder, type SchedulingSettings } from '../../shared/scheduling-settings.js';
import { isAtLimit } from '../../shared/task-life/held-limit.js';
import { worthAsking } from '../policies/offer-slack.js';
import { type Decision, decideEach, expectedComputeSec, type SchedulingObservation, type SchedulingPolicy } from '../policies/policy.js';
import { SpeedEstimate } from '../speeds/speed-estimate.js';
import { type NodePace, steadyPace } from '../simulated-node/node-pace.js';
import { SimulatedEdgeServer, type SimulatedTimes } from '../simulated-node/simulated-edge-server.js';

/** Turns between two pauses. */
const TURNS_PER_PAUSE = 500;

export interface SimulatedNode extends SimulatedTimes {
  /** Rate of its link, Mbit/s; null where it is not known and does not limit. */
  linkMbps: number | null;
  /** Most tasks that it holds at a time; absent: as many as come. */
  heldLimit?: number | undefined;
  /** Absent: as fast as on record. */
  pace?: NodePace | undefined;
}

export interface SimulatedArrival {
  ordinal: number;
  /** In order. */
  arrivalSec: number;
  /** Index of the node that it comes to. */
  station: number;
  /** Denoising steps that are computed. */
  qualitySteps: number;
  /** d_n, bits. */
  inputBits: number;
}

export interface SimulatedTask {
  ordinal: number;
  /** Index of the node that executed it. */
  server: number;
  arrivalSec: number;
  startSec: number;
  endSec: number;
  uploadSec: number;
  waitingSec: number;
  computeSec: number;
  /** From its arrival to the end of its computation, and the upload. */
  serviceSec: number;
}

export interface RunSimulation {
  tasks: readonly SimulatedArrival[];
  nodes: readonly SimulatedNode[];
  /** One for each node, fresh. */
  stations: readonly { policy: SchedulingPolicy; random: RandomSource }[];
  settings: SchedulingSettings;
  /** Gives way to other work in between; throws where the simulation is to end. */
  pause?: () => Promise<void>;
}

/** By ordinal of the tasks as they were given. */
export async function simulateRun(run: RunSimulation): Promise<SimulatedTask[]> {
  const testbed = new SimulatedTestbed(run);
  for (const [arrivalSec, tasks] of Map.groupBy(run.tasks, ({ arrivalSec: at }) => at)) {
    await testbed.placeUntil(arrivalSec);
    await testbed.placeInstant(tasks);
  }
  await testbed.placeUntil(Infinity);
  return testbed.finish();
}

interface Undecided {
  task: SimulatedArrival;
  refusals: number;
}

interface Station {
  policy: SchedulingPolicy;
  random: RandomSource;
  undecided: Map<string, Undecided>;
  /** What is left of the last batch; on the backlogs that it believes in, seconds. */
  decisions: Iterator<Decision> | null;
  believedSec: number[];
  /** Whom it hears from before it decides again, by index; null: from all. */
  asks: readonly number[] | null;
}

class SimulatedTestbed {
  readonly #run: RunSimulation;
  readonly #servers: SimulatedEdgeServer[];
  readonly #stations: Station[];
  readonly #placed = new Map<number, { task: SimulatedArrival; server: number; uploadSec: number }>();
  readonly #ended = new Map<number, SimulatedTask>();
  #nowSec = 0;
  #turns = 0;

  constructor(run: RunSimulation) {
    this.#run = run;
    const { queueOrder, speedWeight } = run.settings;
    this.#servers = run.nodes.map(
      ({ pace, heldLimit: _limit, ...times }, server) =>
        new SimulatedEdgeServer({
          times,
          pace: pace ?? steadyPace(),
          queueOrder: queueOrder ?? 'first-come-first-served',
          estimate: speedWeight === undefined ? null : new SpeedEstimate(speedWeight),
          onEnd: (executed) => this.#note(server, executed),
        }),
    );
    this.#stations = run.stations.map((station) => ({
      ...station,
      undecided: new Map<string, Undecided>(),
      decisions: null,
      believedSec: [],
      asks: null,
    }));
  }

  async placeInstant(tasks: readonly SimulatedArrival[]): Promise<void> {
    const [first] = tasks;
    if (!first) return;
    this.#nowSec = first.arrivalSec;
    for (const task of tasks) this.#stations[task.station]!.undecided.set(String(task.ordinal), { task, refusals: 0 });
    await this.#place();
  }

  /** What waits at its station because all that it could go to hold as many tasks as they may: placed as there is room. */
  async placeUntil(sec: number): Promise<void> {
    while (this.#stations.some(({ undecided }) => undecided.size > 0)) {
      const nextSec = this.#servers.reduce((next, server) => Math.min(next, server.nextEndSec), Infinity);
      if (nextSec === Infinity || nextSec > sec) return;
      this.#nowSec = nextSec;
      await this.#place();
    }
  }

  /** Until every task has its place, or none of those left can have one now. */
  async #place(): Promise<void> {
    const waiting = new Set<Station>();
    const open = (): Station[] => this.#stations.filter((station) => station.undecided.size > 0 && !waiting.has(station));
    while (open().length > 0) {
      for (const station of open()) {
        if (this.#turn(this.#stations.indexOf(station), station) === 'waits') waiting.add(station);
        if (++this.#turns % TURNS_PER_PAUSE === 0) await this.#run.pause?.();
      }
    }
  }

  finish(): SimulatedTask[] {
    for (const server of this.#servers) server.advance(Infinity);
    return this.#run.tasks.map(({ ordinal }) => {
      const ended = this.#ended.get(ordinal);
      if (!ended) throw new Error(`Task ${ordinal} of the simulation has not ended.`);
      return ended;
    });
  }

  /** `waits`: its policy may choose no one now. */
  #turn(self: number, station: Station): 'waits' | 'goes-on' {
    const next = this.#nextOrNone(self, station);
    if (next === null) return 'waits';
    const home = next && station.undecided.get(next.taskId);
    if (!home) throw new Error(`The policy ${station.policy.name} has decided on what it was not asked.`);
    const server = next.edgeServerIndex;
    if (this.#isAtLimit(server) || (station.policy.usesBacklog && this.#isRefused(home, server, station))) {
      home.refusals += 1;
      station.asks = this.#asksAfterRefusal(self, station, server, home.task.qualitySteps);
      station.decisions = null;
      return 'goes-on';
    }
    station.undecided.delete(next.taskId);
    this.#placed.set(home.task.ordinal, { task: home.task, server, uploadSec: this.#uploadSec(home.task, self, server) });
    this.#servers[server]!.admit(home.task, this.#nowSec);
    station.believedSec[server] = this.#backlogSec(server);
    return 'goes-on';
  }

  #isAtLimit(server: number): boolean {
    const { heldLimit } = this.#run.nodes[server]!;
    return heldLimit !== undefined && isAtLimit(this.#servers[server]!.held(this.#nowSec), heldLimit);
  }

  /** Null where all that the policy could choose hold as many tasks as they may: it throws RangeError then, as on a node. */
  #nextOrNone(self: number, station: Station): Decision | undefined | null {
    try {
      return this.#nextDecision(self, station);
    } catch (thrown) {
      station.decisions = null;
      if (thrown instanceof RangeError && this.#servers.some((_, server) => this.#isAtLimit(server))) return null;
      throw thrown;
    }
  }

  #nextDecision(self: number, station: Station): Decision | undefined {
    const next = station.decisions?.next();
    if (next?.done === false) return next.value;
    station.decisions = this.#decide(self, station)[Symbol.iterator]();
    const first = station.decisions.next();
    return first.done ? undefined : first.value;
  }

  #decide(self: number, station: Station): Iterable<Decision> {
    const { settings, nodes } = this.#run;
    for (const server of station.asks ?? this.#servers.keys()) station.believedSec[server] = this.#backlogSec(server);
    station.asks = null;
    const observation: SchedulingObservation = {
      selfIndex: self,
      edgeServers: this.#servers.map((server, index) => ({
        ...server.times,
        backlogSec: station.believedSec[index]!,
        linkMbps: index === self ? Infinity : Math.min(rateOf(nodes[self]), rateOf(nodes[index])),
        isReachable: !this.#isAtLimit(index),
      })),
    };
    const asTheyCame = [...station.undecided].map(([id, { task }]) => ({ id, qualitySteps: task.qualitySteps, inputBits: task.inputBits }));
    const tasks = inPlacingOrder(asTheyCame, settings.placingOrder ?? 'own');
    return decideEach(station.policy, tasks, observation, station.random);
  }

  #isRefused({ task: { qualitySteps }, refusals }: Undecided, server: number, { undecided, believedSec }: Station): boolean {
    const [leftTasks, edgeServerCount] = [undecided.size - 1, this.#servers.length];
    const offer = { qualitySteps, expectedSec: believedSec[server]!, refusals, leftTasks, edgeServerCount };
    return this.#servers[server]!.refuses(offer, this.#nowSec);
  }

  /** Whom it asks; the ES that refused has told with its answer, and the own one tells by itself. */
  #asksAfterRefusal(self: number, { believedSec }: Station, refusing: number, qualitySteps: number): number[] {
    const known = [refusing, self];
    const endsSec = this.#servers.map(({ times }, index) =>
      known.includes(index) || this.#isAtLimit(index) ? Infinity : believedSec[index]! + expectedComputeSec({ qualitySteps }, times),
    );
    believedSec[refusing] = this.#backlogSec(refusing);
    return [self, ...worthAsking(endsSec)];
  }

  #backlogSec(server: number): number {
    return this.#servers[server]!.backlogSec(this.#nowSec);
  }

  #uploadSec({ inputBits }: SimulatedArrival, self: number, server: number): number {
    if (self === server) return 0;
    const { nodes } = this.#run;
    return inputBits / (Math.min(rateOf(nodes[self]), rateOf(nodes[server])) * 1e6);
  }

  #note(
    server: number,
    { ordinal, admittedSec, startSec, endSec }: { ordinal: number; admittedSec: number; startSec: number; endSec: number },
  ): void {
    const { task, uploadSec } = this.#placed.get(ordinal)!;
    this.#ended.set(ordinal, {
      ...{ ordinal, server, startSec, endSec, uploadSec, arrivalSec: task.arrivalSec },
      waitingSec: startSec - admittedSec,
      computeSec: endSec - startSec,
      serviceSec: endSec - task.arrivalSec + uploadSec,
    });
  }
}

function rateOf(node: SimulatedNode | undefined): number {
  return node?.linkMbps ?? Infinity;
}
