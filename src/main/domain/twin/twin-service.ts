// Questions to the digital twin of a testbed: a run once more, other nodes, other schedulers, another load. Nothing is stored; it is computed
// in this process, which other work has its turns in between.
import { setImmediate } from 'node:timers/promises';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../scheduling/decisions/learned-scheduling.js';
import type { SchedulingPolicy } from '../../../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../scheduling/policies/schedule-by-heuristic.js';
import type { WhatIfQuestion } from '../../../shared/api/twin-inputs.js';
import { AppError, notThere } from '../../../shared/errors.js';
import type { SchedulingSettings } from '../../../shared/scheduling-settings.js';
import type { SeriesScheduler } from '../../../shared/series.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { type ConsiderationTuning, type PlannedWork, type RunPrediction, TWIN_NOTES, type WhatIfResult } from '../../../shared/twin.js';
import { snapshotNodes } from '../runs/bound-of-run.js';
import type { AttemptStore, LoadedRun, NodeSnapshot, RunStore } from '../runs/run-store.js';
import { openLearnedPolicies } from './learned-schedulers.js';
import { predictRun } from './predict-run.js';
import { replayRun } from './replay-run.js';
import type { TwinNode } from './simulate-work.js';
import { tuneConsideration } from './tune-consideration.js';
import { describeChange, simulateWhatIf, withTrueSpeeds } from './what-if.js';

export interface TwinServiceOptions {
  store: Pick<RunStore & AttemptStore, 'getRun' | 'listTasks' | 'listAttempts' | 'learnedPolicyOf'>;
  getTestbed(id: string): Testbed;
  isSimulated(node: TestbedNode): boolean;
  /** A training's policies as JSON by ordinal, or one for all nodes. Throws `not-found`, or `conflict` where it can schedule no run. */
  learnedPolicies(trainingId: string): Promise<string[]>;
}

const MAX_TASKS = 20_000;

export class TwinService {
  readonly #options: TwinServiceOptions;

  constructor(options: TwinServiceOptions) {
    this.#options = options;
  }

  /** Throws `not-found`; `invalid-input` for a run of more tasks than are simulated here, `conflict` for one whose policy is gone. */
  async prediction(runId: string, signal?: AbortSignal): Promise<RunPrediction> {
    const run = this.#run(runId);
    if (run.spec.taskCount > MAX_TASKS) {
      throw new AppError('invalid-input', `Run ${runId} has ${run.spec.taskCount} tasks; at most ${MAX_TASKS} are simulated`);
    }
    const { store } = this.#options;
    const recorded = { spec: run.spec, nodes: run.nodesSnapshot, tasks: store.listTasks(runId) };
    const prediction = await predictRun({
      ...{ id: run.id, ...recorded },
      policyOf: (nodeId) => this.#policyOf(run, nodeId),
      pause: () => giveWay(signal),
    });
    return { ...prediction, replay: replayRun({ ...recorded, attempts: store.listAttempts(runId) }) };
  }

  /** Throws `not-found`; `invalid-input`, also for a learned policy that does not fit the nodes; `conflict` for one that can schedule no run. */
  async whatIf(question: WhatIfQuestion, { signal, onRow }: { signal?: AbortSignal; onRow?: (done: number, of: number) => void } = {}) {
    const base = 'runId' in question.work ? this.#workOfRun(question.work.runId) : this.#plannedWork(question.work);
    const schedulers = question.schedulers ?? [base.scheduler];
    const { changes, repetitions } = question;
    const nodes = withTrueSpeeds(base.nodes, question.trueSpeeds);
    const learnedPolicyOf = await openLearnedPolicies(schedulers, (scheduler) => this.#policiesOf(scheduler, base.run));
    const rows = await simulateWhatIf({
      ...{ nodes, work: base.work, schedulers, changes, repetitions, learnedPolicyOf },
      pause: () => giveWay(signal),
      ...(onRow && { onRow }),
    });
    return {
      isSimulated: true,
      testbedName: base.testbedName,
      change: describeChange(changes),
      work: base.work,
      nodeNames: nodes.map(({ name }) => name),
      ...{ repetitions, rows, notes: TWIN_NOTES },
    } satisfies WhatIfResult;
  }

  async tune(
    { work, settings, repetitions }: { work: PlannedWork; settings: SchedulingSettings; repetitions: number },
    { signal, onValue }: { signal: AbortSignal; onValue: (done: number, of: number) => void },
  ): Promise<ConsiderationTuning> {
    const { nodes, testbedName } = this.#plannedWork(work);
    const tuned = await tuneConsideration({ nodes, work, settings, repetitions, pause: () => giveWay(signal), onValue });
    return { isSimulated: true, testbedName, work, repetitions, ...tuned };
  }

  #run(id: string): LoadedRun {
    const run = this.#options.store.getRun(id);
    if (run) return run;
    throw notThere('run', id);
  }

  #policyOf({ id, spec, nodesSnapshot }: LoadedRun, nodeId: string): SchedulingPolicy {
    if (spec.scheduler !== 'learned') return createSchedulingPolicy(spec.scheduler, spec);
    const stored = this.#options.store.learnedPolicyOf(id, nodeId);
    if (stored !== null) return createLearnedSchedulingPolicy(parseLearnedPolicy(stored, nodesSnapshot.length));
    throw new AppError('conflict', `The learned policy of run ${id} is not on record`, 'Runs that were imported come without it.');
  }

  /** As the run had them where it was scheduled by them; else as the training has them now. */
  async #policiesOf({ trainingId }: SeriesScheduler, run: LoadedRun | null): Promise<string[]> {
    if (run && run.spec.scheduler === 'learned' && (trainingId ?? run.spec.trainingId) === run.spec.trainingId) {
      const stored = run.nodesSnapshot.map(({ id }) => this.#options.store.learnedPolicyOf(run.id, id));
      const [first] = stored;
      // One for all, as a network that is shared has it, fits any number of nodes.
      if (first && stored.every((json) => json === first)) return [first];
      if (stored.every((json) => json !== null)) return stored;
    }
    if (trainingId !== undefined) return this.#options.learnedPolicies(trainingId);
    throw new AppError('invalid-input', 'A learned policy is one of a training, and none is named', 'Name it: learned:TRAINING.');
  }

  #workOfRun(runId: string) {
    const run = this.#run(runId);
    const { spec, nodesSnapshot, testbedName } = run;
    const { testbedId, taskCount, qualitySteps, arrivals, strength, seed, scheduler, trainingId } = spec;
    const work: PlannedWork = { testbedId, taskCount, qualitySteps, arrivals, strength, seed };
    if (taskCount > MAX_TASKS)
      throw new AppError('invalid-input', `Run ${runId} has ${taskCount} tasks; at most ${MAX_TASKS} are simulated`);
    const own: SeriesScheduler = { scheduler, trainingId, ...settingsOf(spec) };
    return { work, nodes: nodesSnapshot.map(twinNodeOf), testbedName, scheduler: own, run };
  }

  #plannedWork(work: PlannedWork) {
    const testbed = this.#options.getTestbed(work.testbedId);
    const nodes = snapshotNodes(testbed, (node) => this.#options.isSimulated(node)).map(twinNodeOf);
    if (nodes.length === 0) {
      const [what, remedy] =
        testbed.nodes.length === 0 ? ['no nodes', 'Add one first.'] : ['no node that is not excluded', 'Include one first.'];
      throw new AppError('invalid-input', `Testbed “${testbed.name}” has ${what}`, remedy);
    }
    const scheduler: SeriesScheduler = { scheduler: 'shortest-expected-completion' };
    return { work, nodes, testbedName: testbed.name, scheduler, run: null };
  }
}

function settingsOf({ placingOrder, queueOrder, speedWeight, consideration }: SchedulingSettings): SchedulingSettings {
  return { placingOrder, queueOrder, speedWeight, consideration };
}

function twinNodeOf({ name, fixedSec, secPerStep, speedFactor, linkMbps, heldLimit }: NodeSnapshot): TwinNode {
  return { name, fixedSec, secPerStep, speedFactor, linkMbps, trueSpeed: 1, ...(heldLimit != null && { heldLimit }) };
}

async function giveWay(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new AppError('cancelled', 'The simulation was interrupted');
}
