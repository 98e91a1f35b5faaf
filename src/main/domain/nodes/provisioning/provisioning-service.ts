// Provisioning runs: started, watched, cancelled, retried, and kept as history.
import {
  type PlanProvisioningInput,
  planProvisioningInput,
  type RemoveProvisioningInput,
  removeProvisioningInput,
  type SetWantedInput,
  setWantedInput,
  type StartProvisioningInput,
  startProvisioningInput,
} from '../../../../shared/api/provisioning-inputs.js';
import { AppError, type AppErrorShape } from '../../../../shared/errors.js';
import type {
  NodePlan,
  NodeProvision,
  NodeWanted,
  ProvisioningKind,
  ProvisioningRun,
  ProvisionPlan,
} from '../../../../shared/provisioning.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import { describeFailure } from '../../../adapters/log/report-fault.js';
import { newId } from '../../../foundation/new-id.js';
import type { FactsHistoryRepository } from '../../../adapters/storage/facts-history-repository.js';
import type { ProvisioningRepository } from '../../../adapters/storage/provisioning-repository.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { WantedStateRepository } from '../../../adapters/storage/wanted-state-repository.js';
import { endSteps, provisionNode, queuedProvision, resumedProvision } from './node-provisioner.js';
import { NodeSession, type ProvisioningTools } from './node-session.js';
import { planNode } from './plan-node.js';
import { runLimited } from './run-limited.js';
import { WantedStates } from './wanted-states.js';

export interface ProvisioningServiceOptions {
  runs: ProvisioningRepository;
  testbeds: TestbedRepository;
  wantedStates: WantedStateRepository;
  hasModel: (modelId: string) => boolean;
  factsHistory: FactsHistoryRepository;
  tools: ProvisioningTools;
  /** Announced after each change of a node. */
  changes: ChangeTopic;
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
  recordEvent: (event: { kind: string; subjectId: string; message: string }) => void;
}

interface ActiveRun {
  run: ProvisioningRun;
  topic: ChangeTopic;
  cancelling: AbortController;
  ended: Promise<void>;
}

/** Nodes at once: enough for a lab, few enough for its uplink and for this machine. */
const MOST_NODES_AT_ONCE = 8;
const MOST_OUTPUT_LINES = 200;

export class ProvisioningService {
  readonly #options: ProvisioningServiceOptions;
  readonly #active = new Map<string, ActiveRun>();

  readonly #wanted: WantedStates;

  constructor(options: ProvisioningServiceOptions) {
    this.#options = options;
    this.#wanted = new WantedStates(options);
  }

  /** Call once at the start of the program: what the last one left unfinished counts as failed. */
  recoverInterrupted(): void {
    const { runs, testbeds, tools } = this.#options;
    runs.failInterrupted(tools.nowMs());
    for (const node of testbeds.listTestbeds().flatMap((testbed) => testbed.nodes)) {
      if (node.provisionState === 'provisioning') testbeds.updateNode(node.id, { provisionState: 'failed' });
    }
  }

  /** What an apply would do, found by looking; nothing changes on the nodes. Throws `conflict` while the testbed is in use. */
  async plan(input: PlanProvisioningInput, signal: AbortSignal): Promise<ProvisionPlan> {
    const { testbedId, nodeIds, wanted } = planProvisioningInput.parse(input);
    const testbed = this.#freeTestbed(testbedId, 'looked at');
    const states = this.#wanted.changed(chooseNodes(testbed, nodeIds), wanted);
    const { tools } = this.#options;
    const plans = new Map<string, NodePlan>();
    await runLimited(states, MOST_NODES_AT_ONCE, async ({ nodeId, wanted: state }) => {
      const session = new NodeSession({
        testbed,
        node: nodeOf(testbed, nodeId),
        wanted: state,
        tools,
        acceptNewHostKeys: false,
        signal,
        log: () => undefined,
        saveNode: () => undefined,
        keepFacts: () => undefined,
      });
      plans.set(nodeId, await planNode(session));
    });
    return { testbedId, madeAtMs: tools.nowMs(), nodes: states.flatMap(({ nodeId }) => plans.get(nodeId) ?? []) };
  }

  /** What each node of a testbed is wanted to be. */
  listWanted(testbedId: string): NodeWanted[] {
    return this.#wanted.list(this.#testbed(testbedId).nodes);
  }

  /** Keeps a change for these nodes; an apply brings it there. */
  setWanted(input: SetWantedInput): NodeWanted[] {
    const { testbedId, nodeIds, wanted } = setWantedInput.parse(input);
    const states = this.#wanted.changed(chooseNodes(this.#idleTestbed(testbedId), nodeIds), wanted);
    this.#wanted.keep(states);
    return states;
  }

  /** Starts in the background. Throws `conflict` while another provisioning of this testbed runs. */
  start(input: StartProvisioningInput): ProvisioningRun {
    const { testbedId, nodeIds, acceptNewHostKeys, wanted } = startProvisioningInput.parse(input);
    const testbed = this.#idleTestbed(testbedId);
    const chosen = chooseNodes(testbed, nodeIds);
    if (wanted) this.#wanted.keep(this.#wanted.changed(chosen, wanted));
    return this.#begin({ testbed, kind: 'apply', acceptNewHostKeys, nodes: chosen.map((node) => queuedProvision(node, 'apply')) });
  }

  /** Takes away what was installed, in the background. Throws `conflict` while the testbed is in use. */
  remove(input: RemoveProvisioningInput): ProvisioningRun {
    const { testbedId, nodeIds, removesModels } = removeProvisioningInput.parse(input);
    const testbed = this.#freeTestbed(testbedId, 'taken down');
    const kind = removesModels ? 'remove-with-models' : 'remove';
    const nodes = chooseNodes(testbed, nodeIds).map((node) => queuedProvision(node, kind));
    return this.#begin({ testbed, kind, acceptNewHostKeys: false, nodes });
  }

  /** Only nodes that failed, from their failed step on. */
  retryFailed(provisioningId: string, acceptNewHostKeys: boolean): ProvisioningRun {
    const former = this.get(provisioningId);
    const testbed = former.kind === 'apply' ? this.#idleTestbed(former.testbedId) : this.#freeTestbed(former.testbedId, 'taken down');
    const failed = former.nodes.filter((node) => node.state === 'failed' && testbed.nodes.some(({ id }) => id === node.nodeId));
    if (failed.length === 0)
      throw new AppError('conflict', 'No node failed in this provisioning.', 'Start a new one to check all nodes again.');
    return this.#begin({ testbed, kind: former.kind, acceptNewHostKeys, nodes: failed.map(resumedProvision) });
  }

  async cancel(provisioningId: string): Promise<void> {
    this.get(provisioningId);
    const active = this.#active.get(provisioningId);
    active?.cancelling.abort();
    await active?.ended;
  }

  get(provisioningId: string): ProvisioningRun {
    const run = this.#active.get(provisioningId)?.run ?? this.#options.runs.get(provisioningId);
    if (!run) throw new AppError('not-found', `There is no provisioning "${provisioningId}".`, 'List the provisionings of the testbed.');
    return structuredClone(run);
  }

  list(testbedId: string): ProvisioningRun[] {
    return this.#options.runs
      .list(testbedId)
      .map((stored) => this.#active.get(stored.id)?.run ?? stored)
      .map((run) => structuredClone(run));
  }

  /** Yields the whole state at once and after each change (conflated), and ends when the run has ended. */
  watch(provisioningId: string, signal: AbortSignal): AsyncIterable<ProvisioningRun> {
    this.get(provisioningId);
    const topic = this.#active.get(provisioningId)?.topic ?? new ChangeTopic();
    return watchSnapshots(
      {
        read: () => this.get(provisioningId),
        subscribe: (listener) => topic.subscribe(listener),
        isLast: (run) => run.state !== 'running',
      },
      signal,
    );
  }

  /** Those under way, with the names of their testbeds. */
  listOpen(): (ProvisioningRun & { testbedName: string })[] {
    const running = [...this.#active.values()].filter(({ run }) => run.state === 'running');
    return running.map(({ run }) => ({ ...structuredClone(run), testbedName: this.#testbed(run.testbedId).name }));
  }

  isProvisioning(testbedId: string): boolean {
    return [...this.#active.values()].some(({ run }) => run.testbedId === testbedId && run.state === 'running');
  }

  /** Cancels everything that runs and waits for its end. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    for (const { cancelling } of active) cancelling.abort();
    await Promise.all(active.map(({ ended }) => ended));
  }

  #testbed(testbedId: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(testbedId);
    if (!testbed) throw new AppError('not-found', `There is no testbed "${testbedId}".`, 'List the testbeds to see their ids.');
    return testbed;
  }

  #idleTestbed(testbedId: string): Testbed {
    const testbed = this.#testbed(testbedId);
    if (this.isProvisioning(testbedId)) {
      throw new AppError('conflict', `Testbed "${testbed.name}" is being provisioned already.`, 'Wait until it has ended, or cancel it.');
    }
    return testbed;
  }

  /** Not even a run uses it: looking loads torch on the nodes, which would be measured with the tasks. */
  #freeTestbed(testbedId: string, whatFor: string): Testbed {
    const testbed = this.#idleTestbed(testbedId);
    const use = this.#options.describeUse(testbedId);
    if (use) throw new AppError('conflict', `Testbed "${testbed.name}" can't be ${whatFor} while ${use}.`, 'Wait until it has ended.');
    return testbed;
  }

  #begin(options: { testbed: Testbed; kind: ProvisioningKind; nodes: NodeProvision[]; acceptNewHostKeys: boolean }): ProvisioningRun {
    const { testbed, kind, nodes, acceptNewHostKeys } = options;
    const { runs, tools } = this.#options;
    const run: ProvisioningRun = {
      id: newId('provisioning'),
      testbedId: testbed.id,
      kind,
      state: 'running',
      startedAtMs: tools.nowMs(),
      finishedAtMs: null,
      nodes,
    };
    runs.save(run);
    const active: ActiveRun = { run, topic: new ChangeTopic(), cancelling: new AbortController(), ended: Promise.resolve() };
    this.#active.set(run.id, active);
    active.ended = this.#provisionAll(testbed, active, acceptNewHostKeys).catch((thrown: unknown) =>
      failUnsaved(active, describeFailure(tools.log, thrown, { doing: 'provisioning', testbedId: testbed.id }), tools.nowMs()),
    );
    return structuredClone(run);
  }

  async #provisionAll(testbed: Testbed, active: ActiveRun, acceptNewHostKeys: boolean): Promise<void> {
    const { run, topic, cancelling } = active;
    const { tools, runs } = this.#options;
    await runLimited(run.nodes, MOST_NODES_AT_ONCE, async (progress) => {
      const node = testbed.nodes.find(({ id }) => id === progress.nodeId);
      if (node && !cancelling.signal.aborted) await this.#provisionOne(testbed, node, active, progress, acceptNewHostKeys);
      else cancelQueued(progress);
    });
    run.state = cancelling.signal.aborted ? 'cancelled' : run.nodes.some((node) => node.state === 'failed') ? 'failed' : 'succeeded';
    run.finishedAtMs = tools.nowMs();
    runs.save(run);
    this.#active.delete(run.id);
    if (this.#active.size === 0) tools.runtimes.forget();
    const done = run.nodes.filter((node) => node.state === 'succeeded').length;
    const [what, how] = run.kind === 'apply' ? ['Provisioning', 'ready'] : ['Removal', 'as they were found'];
    const message = `${what} of testbed "${testbed.name}" ${run.state}: ${done} of ${run.nodes.length} nodes ${how}.`;
    this.#options.recordEvent({ kind: `provisioning-${run.state}`, subjectId: testbed.id, message });
    topic.announce();
  }

  async #provisionOne(
    testbed: Testbed,
    node: TestbedNode,
    active: ActiveRun,
    progress: NodeProvision,
    acceptNewHostKeys: boolean,
  ): Promise<void> {
    const { testbeds, wantedStates, factsHistory, tools, runs, changes } = this.#options;
    const session = new NodeSession({
      testbed,
      node,
      wanted: wantedStates.get(node.id),
      tools,
      acceptNewHostKeys,
      signal: active.cancelling.signal,
      log: (line) => {
        progress.output.push(line);
        if (progress.output.length > MOST_OUTPUT_LINES) progress.output.shift();
        active.topic.announce();
      },
      saveNode: (patch) => {
        testbeds.updateNode(node.id, patch);
        changes.announce();
      },
      keepFacts: (moment, facts) => factsHistory.append({ nodeId: node.id, moment, provisioningRunId: active.run.id, facts }),
    });
    const changed = (): void => {
      runs.saveNode(active.run.id, progress);
      active.topic.announce();
    };
    await provisionNode({ session, kind: active.run.kind, progress, changed });
  }
}

/** Each once, in the testbed's order where all are meant. */
function chooseNodes(testbed: Testbed, nodeIds: readonly string[] | undefined): TestbedNode[] {
  const chosen = nodeIds ? [...new Set(nodeIds)].map((id) => nodeOf(testbed, id)) : testbed.nodes;
  if (chosen.length === 0) throw new AppError('invalid-input', `Testbed "${testbed.name}" has no nodes to provision.`, 'Add a node first.');
  return chosen;
}

function nodeOf(testbed: Testbed, nodeId: string): TestbedNode {
  const node = testbed.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new AppError('not-found', `Testbed "${testbed.name}" has no node "${nodeId}".`, 'List the testbed to see its nodes.');
  return node;
}

/** The database took no more: the run ends as failed in memory alone, and stays there to be read. */
function failUnsaved({ run, topic, cancelling }: ActiveRun, error: AppErrorShape, nowMs: number): void {
  cancelling.abort();
  for (const node of run.nodes) {
    if (node.state !== 'queued' && node.state !== 'running') continue;
    node.state = 'failed';
    endSteps(node.steps, error, nowMs);
  }
  Object.assign(run, { state: 'failed', finishedAtMs: nowMs });
  topic.announce();
}

function cancelQueued(progress: NodeProvision): void {
  progress.state = 'cancelled';
  for (const step of progress.steps) if (step.state === 'queued') step.state = 'skipped';
}
