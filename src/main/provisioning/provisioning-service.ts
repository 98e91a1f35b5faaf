// Provisioning runs: started, watched, cancelled, retried, and kept as history.
import { type StartProvisioningInput, startProvisioningInput } from '../../shared/api/inputs.js';
import { AppError } from '../../shared/errors.js';
import { DEFAULT_WANTED_STATE, type NodeProvision, type ProvisioningRun } from '../../shared/provisioning.js';
import type { Testbed, TestbedNode } from '../../shared/testbed.js';
import { ChangeTopic } from '../live/change-topic.js';
import { watchSnapshots } from '../live/watch-snapshots.js';
import { newId } from '../new-id.js';
import type { ProvisioningService } from '../services.js';
import type { FactsHistoryRepository } from '../storage/facts-history-repository.js';
import type { ProvisioningRepository } from '../storage/provisioning-repository.js';
import type { TestbedRepository } from '../storage/testbed-repository.js';
import type { HostKeyServiceImpl } from '../testbed/host-key-service.js';
import { endSteps, provisionNode, queuedProvision, resumedProvision } from './node-provisioner.js';
import { NodeSession, type ProvisioningTools } from './node-session.js';
import { runLimited } from './run-limited.js';

export interface ProvisioningServiceOptions {
  runs: ProvisioningRepository;
  testbeds: TestbedRepository;
  factsHistory: FactsHistoryRepository;
  hostKeys: HostKeyServiceImpl;
  tools: ProvisioningTools;
  /** Announced after each change of a node. */
  changes: ChangeTopic;
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

export class ProvisioningServiceImpl implements ProvisioningService {
  readonly #options: ProvisioningServiceOptions;
  readonly #active = new Map<string, ActiveRun>();

  constructor(options: ProvisioningServiceOptions) {
    this.#options = options;
  }

  /** Call once at the start of the program: what the last one left unfinished counts as failed. */
  recoverInterrupted(): void {
    const { runs, testbeds, tools } = this.#options;
    runs.failInterrupted(tools.nowMs());
    for (const node of testbeds.listTestbeds().flatMap((testbed) => testbed.nodes)) {
      if (node.provisionState === 'provisioning') testbeds.updateNode(node.id, { provisionState: 'failed' });
    }
  }

  start(input: StartProvisioningInput): ProvisioningRun {
    const { testbedId, nodeIds, acceptNewHostKeys } = startProvisioningInput.parse(input);
    const testbed = this.#idleTestbed(testbedId);
    const chosen = nodeIds ? nodeIds.map((id) => nodeOf(testbed, id)) : testbed.nodes;
    if (chosen.length === 0)
      throw new AppError('invalid-input', `Testbed "${testbed.name}" has no nodes to provision.`, 'Add a node first.');
    return this.#begin(testbed, [...new Set(chosen)].map(queuedProvision), acceptNewHostKeys);
  }

  retryFailed(provisioningId: string, acceptNewHostKeys: boolean): ProvisioningRun {
    const former = this.get(provisioningId);
    const testbed = this.#idleTestbed(former.testbedId);
    const failed = former.nodes.filter((node) => node.state === 'failed' && testbed.nodes.some(({ id }) => id === node.nodeId));
    if (failed.length === 0)
      throw new AppError('conflict', 'No node failed in this provisioning.', 'Start a new one to check all nodes again.');
    return this.#begin(testbed, failed.map(resumedProvision), acceptNewHostKeys);
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

  isProvisioning(testbedId: string): boolean {
    return [...this.#active.values()].some(({ run }) => run.testbedId === testbedId && run.state === 'running');
  }

  /** Cancels everything that runs and waits for its end. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    for (const { cancelling } of active) cancelling.abort();
    await Promise.all(active.map(({ ended }) => ended));
  }

  #idleTestbed(testbedId: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(testbedId);
    if (!testbed) throw new AppError('not-found', `There is no testbed "${testbedId}".`, 'List the testbeds to see their ids.');
    if (this.isProvisioning(testbedId)) {
      throw new AppError('conflict', `Testbed "${testbed.name}" is being provisioned already.`, 'Wait until it has ended, or cancel it.');
    }
    return testbed;
  }

  #begin(testbed: Testbed, nodes: NodeProvision[], acceptNewHostKeys: boolean): ProvisioningRun {
    const { runs, tools } = this.#options;
    const run: ProvisioningRun = {
      id: newId('provisioning'),
      testbedId: testbed.id,
      state: 'running',
      startedAtMs: tools.nowMs(),
      finishedAtMs: null,
      nodes,
    };
    runs.save(run);
    const active: ActiveRun = { run, topic: new ChangeTopic(), cancelling: new AbortController(), ended: Promise.resolve() };
    this.#active.set(run.id, active);
    active.ended = this.#provisionAll(testbed, active, acceptNewHostKeys).catch((thrown: unknown) =>
      failUnsaved(active, thrown, tools.nowMs()),
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
    const ready = run.nodes.filter((node) => node.state === 'succeeded').length;
    const message = `Provisioning of testbed "${testbed.name}" ${run.state}: ${ready} of ${run.nodes.length} nodes ready.`;
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
    const { testbeds, factsHistory, hostKeys, tools, runs, changes } = this.#options;
    const session = new NodeSession({
      testbed,
      node,
      wanted: DEFAULT_WANTED_STATE,
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
    await provisionNode(session, progress, () => {
      const keyFailed = progress.steps.some(({ error }) => error?.code === 'host-key-unknown' || error?.code === 'host-key-changed');
      progress.hostKeyQuestion = keyFailed ? hostKeys.questionOf(node.id) : null;
      runs.saveNode(active.run.id, progress);
      active.topic.announce();
    });
  }
}

function nodeOf(testbed: Testbed, nodeId: string): TestbedNode {
  const node = testbed.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new AppError('not-found', `Testbed "${testbed.name}" has no node "${nodeId}".`, 'List the testbed to see its nodes.');
  return node;
}

/** The database took no more: the run ends as failed in memory alone, and stays there to be read. */
function failUnsaved({ run, topic, cancelling }: ActiveRun, thrown: unknown, nowMs: number): void {
  cancelling.abort();
  for (const node of run.nodes) {
    if (node.state !== 'queued' && node.state !== 'running') continue;
    node.state = 'failed';
    endSteps(node.steps, thrown, nowMs);
  }
  Object.assign(run, { state: 'failed', finishedAtMs: nowMs });
  topic.announce();
}

function cancelQueued(progress: NodeProvision): void {
  progress.state = 'cancelled';
  for (const step of progress.steps) if (step.state === 'queued') step.state = 'skipped';
}
