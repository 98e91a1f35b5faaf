// Runs batches of tasks on a simulated testbed, each base station (BS) by a policy as the agents run it: what schedules here schedules there.
//
//   batch:   instant after instant; at one instant the stations take turns in a drawn order, a task each, until none is left
//   turn:    observe (live, or what the station believes)  ->  decide  ->  the queue of the chosen edge server (ES), or a refusal
//   between: the next batch comes when all queues have run empty
import type { RandomSource } from '../../random/random.js';
import { deriveSeed } from '../../random/random.js';
import { worthAsking } from '../policies/offer-slack.js';
import type { EdgeServerView, SchedulableTask, SchedulingPolicy } from '../policies/policy.js';
import { SimulatedEdgeServer } from '../simulated-node/simulated-edge-server.js';
import type { TestbedBatch, TestbedTask } from './draw-batches.js';
import type { TestbedConfig } from './testbed-config.js';
import { createTruePace } from './true-speeds.js';

/** A prompt, bits: as good as nothing. */
const PROMPT_BITS = 1000;

/** A task as it was placed, before its queue took it in. */
export interface Placement {
  batch: number;
  task: TestbedTask;
  server: number;
  /** For each ES, by the record: what the task would compute there. */
  serviceSec: readonly number[];
  /** For each ES: seconds until the task would truly be done there. */
  completionSec: readonly number[];
}

/** One entry a task, in the order in which they were placed. */
export interface TestbedRunResult {
  tasks: TestbedTask[];
  choices: number[];
  /** From its arrival at the station to the end of its computation. */
  serviceDelaySec: number[];
  /** Seconds from the first arrival of each batch to its last end. */
  batchSec: number[];
  refusals: number;
}

export interface TestbedRun {
  config: TestbedConfig;
  batches: readonly TestbedBatch[];
  /** One a BS. */
  stations: readonly SchedulingPolicy[];
  /** For the stations' turns and the policies' own draws. */
  random: RandomSource;
  /** The nodes' true speeds come from it. */
  seed: number;
  onPlaced?: (placement: Placement) => void;
  /** After a batch's last task has been placed; waited for. */
  onBatchEnd?: (batch: number) => Promise<void> | void;
}

export async function runBatches(run: TestbedRun): Promise<TestbedRunResult> {
  const { config, batches, seed } = run;
  const queues = config.nodes.map((times, node) => {
    const pace = createTruePace(config.speeds, deriveSeed(seed, `node ${node}`), times.trueSpeed);
    return new SimulatedEdgeServer({ times, pace, queueOrder: 'first-come-first-served', estimate: null });
  });
  const result: TestbedRunResult = { tasks: [], choices: [], serviceDelaySec: [], batchSec: [], refusals: 0 };
  let startSec = 0;
  for (const [batch, tasks] of batches.entries()) {
    const runner = new BatchRunner({ run, queues, batch, startSec, result });
    for (const instant of byInstant(tasks)) runner.placeInstant(instant);
    const endSec = queues.reduce((latest, queue) => Math.max(latest, queue.freeAtSec), startSec);
    result.batchSec.push(endSec - startSec);
    startSec = endSec;
    const ending = run.onBatchEnd?.(batch);
    if (ending) await ending;
  }
  return result;
}

function byInstant(tasks: TestbedBatch): TestbedTask[][] {
  return [...Map.groupBy(tasks, ({ arrivalSec }) => arrivalSec).values()];
}

interface BatchOptions {
  run: TestbedRun;
  queues: readonly SimulatedEdgeServer[];
  batch: number;
  startSec: number;
  result: TestbedRunResult;
}

/** A task of a station that has not been placed. */
interface Waiting {
  task: TestbedTask;
  described: SchedulableTask;
  refusals: number;
}

class BatchRunner {
  readonly #options: BatchOptions;
  /** Seconds of backlog that a station believes of each ES; not used where they see all. */
  readonly #beliefs: Float64Array[];
  /** A station's decisions until one of them is refused or others come. */
  readonly #decided: (readonly { taskId: string; edgeServerIndex: number }[])[];
  #nowSec = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#beliefs = options.queues.map(() => new Float64Array(options.queues.length));
    this.#decided = options.queues.map(() => []);
  }

  placeInstant(tasks: readonly TestbedTask[]): void {
    const { run, queues, startSec } = this.#options;
    this.#nowSec = startSec + tasks[0]!.arrivalSec;
    const waiting: Waiting[][] = queues.map(() => []);
    for (const task of tasks) {
      const described = { id: `${task.station}/${task.place}`, qualitySteps: task.qualitySteps, inputBits: PROMPT_BITS, place: task.place };
      waiting[task.station]!.push({ task, described, refusals: 0 });
    }
    waiting.forEach((own, station) => own.length > 0 && this.#refresh(station));
    const order = queues.map((_, station) => station);
    for (let left = tasks.length; left > 0;) {
      shuffle(order, run.random);
      for (const station of order) {
        if (waiting[station]!.length > 0 && this.#takeTurn(station, waiting[station]!)) left -= 1;
      }
    }
  }

  /** Places one task of the station; false where the offer was refused. */
  #takeTurn(station: number, waiting: Waiting[]): boolean {
    const { run, queues, result } = this.#options;
    const { config } = run;
    const { taskId, edgeServerIndex } = this.#nextDecision(station, waiting);
    const index = waiting.findIndex(({ described }) => described.id === taskId);
    const [chosen] = waiting.splice(index, 1);
    if (!chosen) throw new Error(`The policy ${run.stations[station]!.name} decided on task ${taskId}, which it was not asked about.`);
    if (config.view === 'offers' && this.#isRefused(station, edgeServerIndex, chosen, waiting.length)) {
      chosen.refusals += 1;
      result.refusals += 1;
      waiting.splice(index, 0, chosen);
      this.#askOthers(station, edgeServerIndex, chosen.task);
      return false;
    }
    this.#admit(edgeServerIndex, chosen.task);
    if (config.view === 'offers') this.#beliefs[station]![edgeServerIndex] = queues[edgeServerIndex]!.backlogSec(this.#nowSec);
    else this.#beliefs[station]![edgeServerIndex]! += queues[edgeServerIndex]!.serviceSec(chosen.task.qualitySteps);
    return true;
  }

  /** One task at a time where stations see all; else all that wait, as the agents decide them. */
  #nextDecision(station: number, waiting: readonly Waiting[]): { taskId: string; edgeServerIndex: number } {
    const { run } = this.#options;
    const policy = run.stations[station]!;
    const decide = (asked: readonly Waiting[]) =>
      policy.decideBatch(
        asked.map(({ described }) => described),
        { selfIndex: station, edgeServers: this.#observe(station) },
        run.random,
      );
    if (run.config.view === 'live') return decide(waiting.slice(0, 1))[0]!;
    if (this.#decided[station]!.length === 0) this.#decided[station] = decide(waiting);
    const [next, ...later] = this.#decided[station]!;
    this.#decided[station] = later;
    return next!;
  }

  #observe(station: number): EdgeServerView[] {
    const { run, queues } = this.#options;
    const isLive = run.config.view === 'live';
    return run.config.nodes.map(({ fixedSec, secPerStep }, node) => ({
      fixedSec,
      secPerStep,
      backlogSec: isLive ? queues[node]!.backlogSec(this.#nowSec) : this.#beliefs[station]![node]!,
      linkMbps: Infinity,
      isReachable: true,
    }));
  }

  #isRefused(station: number, server: number, { task, refusals }: Waiting, leftTasks: number): boolean {
    const { run, queues } = this.#options;
    if (!run.stations[station]!.usesBacklog) return false;
    const expectedSec = this.#beliefs[station]![server]!;
    const offer = { qualitySteps: task.qualitySteps, expectedSec, refusals, leftTasks, edgeServerCount: queues.length };
    return queues[server]!.refuses(offer, this.#nowSec);
  }

  /** The station hears from all ESs how they stand. */
  #refresh(station: number): void {
    this.#options.queues.forEach((queue, node) => (this.#beliefs[station]![node] = queue.backlogSec(this.#nowSec)));
    this.#decided[station] = [];
  }

  /** The station has heard from the ES that refused, knows its own, and asks some others; what it had decided is void. */
  #askOthers(station: number, refusing: number, { qualitySteps }: TestbedTask): void {
    const { queues } = this.#options;
    const beliefs = this.#beliefs[station]!;
    const known = [refusing, station];
    const endsSec = queues.map((queue, node) => (known.includes(node) ? Infinity : beliefs[node]! + queue.serviceSec(qualitySteps)));
    for (const node of [...known, ...worthAsking(endsSec)]) beliefs[node] = queues[node]!.backlogSec(this.#nowSec);
    this.#decided[station] = [];
  }

  #admit(server: number, task: TestbedTask): void {
    const { run, queues, batch, result } = this.#options;
    run.onPlaced?.({
      batch,
      task,
      server,
      serviceSec: queues.map((queue) => queue.serviceSec(task.qualitySteps)),
      completionSec: queues.map((queue) => queue.endIfAdmittedSec(this.#nowSec, task.qualitySteps) - this.#nowSec),
    });
    queues[server]!.admit({ ordinal: result.tasks.length, qualitySteps: task.qualitySteps }, this.#nowSec);
    result.tasks.push(task);
    result.choices.push(server);
    result.serviceDelaySec.push(queues[server]!.freeAtSec - this.#nowSec);
  }
}

function shuffle(order: number[], random: RandomSource): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.nextInt(0, last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
}
