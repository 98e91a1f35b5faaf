// A provisioning as a job: its nodes side by side, each through its steps, every change on record as it happens. A node's failure is its own.
import { z } from 'zod';
import { AppError, type AppErrorShape } from '../../../../shared/errors.js';
import { isOpenState } from '../../../../shared/job.js';
import { type NodeProvision, percentOfStep, type ProvisioningKind, summarizeFailures } from '../../../../shared/provisioning.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { FactsHistoryRepository } from '../../../adapters/storage/facts-history-repository.js';
import type { ProvisioningRepository, StoredProvisioning } from '../../../adapters/storage/provisioning-repository.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { DesiredStateRepository } from '../../../adapters/storage/desired-state-repository.js';
import type { ChangeTopic } from '../../../foundation/live/change-topic.js';
import type { JobContext, JobEnd, JobKindOptions } from '../../jobs/job-kind.js';
import { endSteps, provisionNode } from './node-provisioner.js';
import { NodeSession, type ProvisioningTools } from './node-session.js';
import { runLimited } from './run-limited.js';

/** Nodes at once: enough for a lab, few enough for its uplink and for this machine. */
export const MAX_NODES_AT_ONCE = 8;
const MAX_OUTPUT_LINES = 200;

export interface ProvisioningJobOptions {
  runs: ProvisioningRepository;
  testbeds: TestbedRepository;
  desiredStates: DesiredStateRepository;
  factsHistory: FactsHistoryRepository;
  tools: ProvisioningTools;
  /** Announced after each change of a node. */
  changes: ChangeTopic;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
}

export interface ProvisioningWork {
  testbed: Testbed;
  acceptNewHostKeys: boolean;
  setsClock: boolean;
  keepsClock?: boolean | undefined;
}

export class ProvisioningJobs {
  readonly #options: ProvisioningJobOptions;
  /** Under way, and those whose end the database took no more: they stay to be read. Their nodes change as they go. */
  readonly #active = new Map<string, StoredProvisioning>();

  constructor(options: ProvisioningJobOptions) {
    this.#options = options;
  }

  /** `retry` starts a new one with the failed nodes and returns its id. */
  kind(retry: (id: string) => string): JobKindOptions<null> {
    return {
      kind: 'provisioning',
      idPrefix: 'provisioning',
      doing: 'provisioning',
      detailSchema: z.null(),
      keepEnded: 'all',
      canPause: false,
      canCancel: true,
      interruptedState: 'failed',
      isResumable: ({ state }) => state === 'failed',
      resume: retry,
      describe: ({ id }) => {
        const nodes = this.find(id).nodes;
        const done = nodes.filter(({ state }) => !isOpenState(state)).length;
        return { progress: { done, total: nodes.length, unit: 'nodes', phase: null } };
      },
      run: () => Promise.reject(new Error('A provisioning is started with its testbed')),
      notFound: noSuchProvisioning,
    };
  }

  /** Throws `not-found`. */
  find(id: string): StoredProvisioning {
    const found = this.#active.get(id) ?? this.#options.runs.get(id);
    if (!found) throw noSuchProvisioning(id);
    return found;
  }

  /** The run is on record before this is called. */
  async carryOut(context: JobContext<null>, run: StoredProvisioning, work: ProvisioningWork): Promise<JobEnd> {
    this.#active.set(run.id, run);
    const { tools, runs } = this.#options;
    try {
      await runLimited(run.nodes, MAX_NODES_AT_ONCE, async (progress) => {
        const node = work.testbed.nodes.find(({ id }) => id === progress.nodeId);
        if (node && !context.cancelling.aborted) await this.#provisionOne(context, run, work, node, progress);
        else cancelQueued(progress);
      });
      runs.save(run);
      this.#active.delete(run.id);
      return this.#end(run, work.testbed, context.cancelling.aborted);
    } catch (thrown) {
      const error = describeFailure(tools.log, thrown, { doing: 'provisioning', testbedId: run.testbedId });
      failUnsaved(run, error, tools.nowMs());
      return { state: 'failed', error };
    } finally {
      if (this.#active.size === 0) tools.runtimes.forget();
    }
  }

  #end({ kind, nodes }: StoredProvisioning, testbed: Testbed, isCanceled: boolean): JobEnd {
    const state = isCanceled ? 'cancelled' : nodes.some((node) => node.state === 'failed') ? 'failed' : 'succeeded';
    const done = nodes.filter((node) => node.state === 'succeeded').length;
    const [what, how] = kind === 'apply' ? ['Provisioning', 'ready'] : ['Removal', 'as they were found'];
    const outcome = `${done} of ${nodes.length} nodes ${how}`;
    const message = `${what} of testbed "${testbed.name}" ${state}: ${outcome}.`;
    this.#options.recordEvent({ kind: `provisioning-${state}`, subjectId: testbed.id, message });
    return { state, outcome, error: state === 'failed' ? summarizeFailures(nodes) : null };
  }

  async #provisionOne(
    context: JobContext<null>,
    { id: provisioningRunId, kind }: StoredProvisioning,
    { testbed, acceptNewHostKeys, setsClock, keepsClock }: ProvisioningWork,
    node: TestbedNode,
    progress: NodeProvision,
  ): Promise<void> {
    const { testbeds, desiredStates, factsHistory, tools, runs, changes } = this.#options;
    const session = new NodeSession({
      testbed,
      node,
      desired: desiredStates.get(node.id),
      tools,
      acceptNewHostKeys,
      setsClock,
      keepsClock,
      signal: context.cancelling,
      log: (text) => {
        const step = progress.steps.find(({ state }) => state === 'running')?.name ?? null;
        progress.output.push({ atMs: tools.nowMs(), step, text });
        if (progress.output.length > MAX_OUTPUT_LINES) progress.output.shift();
        context.change();
      },
      stepProgress: (doneBytes, totalBytes) => {
        const step = progress.steps.find(({ state }) => state === 'running');
        if (!step) return;
        const before = percentOfStep(step);
        step.progress = { doneBytes, totalBytes };
        // Memory only: what is on record is that it runs.
        if (percentOfStep(step) !== before) context.change();
      },
      saveNode: (patch) => {
        testbeds.updateNode(node.id, patch);
        changes.announce();
      },
      keepFacts: (moment, facts) => factsHistory.append({ nodeId: node.id, moment, provisioningRunId, facts }),
    });
    const changed = (): void => {
      runs.saveNode(provisioningRunId, progress);
      context.change();
    };
    await provisionNode({ session, kind, progress, changed });
  }
}

export function titleOfProvisioning(kind: ProvisioningKind): string {
  return kind === 'apply' ? 'Provision' : 'Remove what was installed';
}

function noSuchProvisioning(id: string): AppError {
  return new AppError('not-found', `There is no provisioning "${id}".`, 'List the provisionings of the testbed.');
}

/** The database took no more: the run ends as failed in memory alone, and stays there to be read. */
function failUnsaved(run: StoredProvisioning, error: AppErrorShape, nowMs: number): void {
  for (const node of run.nodes) {
    if (!isOpenState(node.state)) continue;
    node.state = 'failed';
    endSteps(node.steps, error, nowMs);
  }
}

function cancelQueued(progress: NodeProvision): void {
  progress.state = 'cancelled';
  for (const step of progress.steps) if (step.state === 'queued') step.state = 'skipped';
}
