// Questions to the digital twin of a testbed: a run once more, other nodes, other schedulers, another load. Nothing is stored; it is computed
// in this process, which other work has its turns in between.
import { setImmediate } from 'node:timers/promises';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../scheduling/decisions/learned-scheduling.js';
import type { SchedulingPolicy } from '../../../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../scheduling/policies/schedule-by-heuristic.js';
import type { WhatIfQuestion } from '../../../shared/api/twin-inputs.js';
import { AppError } from '../../../shared/errors.js';
import type { SchedulingSettings } from '../../../shared/scheduling-settings.js';
import type { SeriesScheduler } from '../../../shared/series.js';
import type { Testbed, TestbedNode } from '../../../shared/testbed.js';
import { type ConsiderationTuning, type PlannedWork, type RunPrediction, TWIN_NOTES, type WhatIfResult } from '../../../shared/twin.js';
import { snapshotNodes } from '../runs/bound-of-run.js';
import type { AttemptStore, LoadedRun, NodeSnapshot, RunStore } from '../runs/run-store.js';
import { predictRun } from './predict-run.js';
import { replayRun } from './replay-run.js';
import type { TwinNode } from './simulate-work.js';
import { tuneConsideration } from './tune-consideration.js';
import { describeChange, simulateWhatIf, withTrueSpeeds } from './what-if.js';

export interface TwinServiceOptions {
  store: Pick<RunStore & AttemptStore, 'getRun' | 'listTasks' | 'listAttempts' | 'learnedPolicyOf'>;
  getTestbed(id: string): Testbed;
  isSimulated(node: TestbedNode): boolean;
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

  /** Throws `not-found`, `invalid-input`; `unsupported` for a learned policy, which is of a training and not of any work. */
  async whatIf(question: WhatIfQuestion, { signal, onRow }: { signal?: AbortSignal; onRow?: (done: number, of: number) => void } = {}) {
    const base = 'runId' in question.work ? this.#workOfRun(question.work.runId) : this.#plannedWork(question.work);
    const schedulers = question.schedulers ?? [base.scheduler];
    refuseLearned(schedulers);
    const { changes, repetitions } = question;
    const nodes = withTrueSpeeds(base.nodes, question.trueSpeeds);
    const rows = await simulateWhatIf({
      ...{ nodes, work: base.work, schedulers, changes, repetitions },
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
    throw new AppError('not-found', `There is no run ${id}`, 'npm run cli -- run list names them.');
  }

  #policyOf({ id, spec, nodesSnapshot }: LoadedRun, nodeId: string): SchedulingPolicy {
    if (spec.scheduler !== 'learned') return createSchedulingPolicy(spec.scheduler, spec);
    const stored = this.#options.store.learnedPolicyOf(id, nodeId);
    if (stored !== null) return createLearnedSchedulingPolicy(parseLearnedPolicy(stored, nodesSnapshot.length));
    throw new AppError('conflict', `The learned policy of run ${id} is not on record`, 'Runs that were imported come without it.');
  }

  #workOfRun(runId: string) {
    const { spec, nodesSnapshot, testbedName } = this.#run(runId);
    const { testbedId, taskCount, qualitySteps, arrivals, strength, seed, scheduler, trainingId } = spec;
    const work: PlannedWork = { testbedId, taskCount, qualitySteps, arrivals, strength, seed };
    if (taskCount > MAX_TASKS)
      throw new AppError('invalid-input', `Run ${runId} has ${taskCount} tasks; at most ${MAX_TASKS} are simulated`);
    const own: SeriesScheduler = { scheduler, trainingId, ...settingsOf(spec) };
    return { work, nodes: nodesSnapshot.map(twinNodeOf), testbedName, scheduler: own };
  }

  #plannedWork(work: PlannedWork) {
    const testbed = this.#options.getTestbed(work.testbedId);
    const nodes = snapshotNodes(testbed, (node) => this.#options.isSimulated(node)).map(twinNodeOf);
    if (nodes.length === 0) throw new AppError('invalid-input', `Testbed “${testbed.name}” has no nodes`, 'Add one first.');
    const scheduler: SeriesScheduler = { scheduler: 'shortest-expected-completion' };
    return { work, nodes, testbedName: testbed.name, scheduler };
  }
}

function settingsOf({ placingOrder, queueOrder, speedWeight, consideration }: SchedulingSettings): SchedulingSettings {
  return { placingOrder, queueOrder, speedWeight, consideration };
}

function twinNodeOf({ name, fixedSec, secPerStep, speedFactor, linkMbps }: NodeSnapshot): TwinNode {
  return { name, fixedSec, secPerStep, speedFactor, linkMbps, trueSpeed: 1 };
}

function refuseLearned(schedulers: readonly SeriesScheduler[]): void {
  if (!schedulers.some(({ scheduler }) => scheduler === 'learned')) return;
  throw new AppError(
    'unsupported',
    'A learned policy is of a training, and its networks are not on record for other work or other nodes',
    'Name another scheduler. Evaluate a training with the command evaluate; what a run of it should have taken is in its prediction.',
  );
}

async function giveWay(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new AppError('cancelled', 'The simulation was interrupted');
}
