// Provisioning runs: started, watched, cancelled, retried, and kept as history.
import {
  type PlanProvisioningInput,
  planProvisioningInput,
  type RetryFailedInput,
  retryFailedInput,
  type RemoveProvisioningInput,
  removeProvisioningInput,
  type SetDesiredInput,
  setDesiredInput,
  type StartProvisioningInput,
  startProvisioningInput,
} from '../../../../shared/api/provisioning-inputs.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import { kindOfCheck } from '../../../../shared/node-check.js';
import type {
  NodePlan,
  NodeProvision,
  NodeDesiredState,
  ProvisioningKind,
  ProvisioningRun,
  ProvisionPlan,
} from '../../../../shared/provisioning.js';
import type { PeerReach } from '../../../../shared/peer-reach.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { newId } from '../../../foundation/new-id.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { KindJob } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import { describeCheck } from './check-record.js';
import { queuedProvision, resumedProvision } from './node-provisioner.js';
import { NodeSession } from './node-session.js';
import { tryPeers } from './peers/try-peers.js';
import { planNode } from './plan-node.js';
import {
  MAX_NODES_AT_ONCE,
  type ProvisioningJobOptions,
  ProvisioningJobs,
  type ProvisioningWork,
  titleOfProvisioning,
} from './provisioning-job.js';
import { runLimited } from './run-limited.js';
import { DesiredStates } from './desired-states.js';

export interface ProvisioningServiceOptions extends ProvisioningJobOptions {
  jobs: JobEngine;
  hasModel: (modelId: string) => boolean;
  /** What is using the testbed now, in words that follow "while"; null when nothing does. */
  describeUse: (testbedId: string) => string | null;
}

export class ProvisioningService {
  readonly #options: ProvisioningServiceOptions;
  readonly #desired: DesiredStates;
  readonly #work: ProvisioningJobs;
  readonly #jobs: JobsOfKind<null>;

  constructor(options: ProvisioningServiceOptions) {
    this.#options = options;
    this.#desired = new DesiredStates(options);
    this.#work = new ProvisioningJobs(options);
    this.#jobs = options.jobs.plugIn(this.#work.kind((id) => this.retryFailed({ id }).id));
  }

  /** Call once at the start of the program: what the last one left unfinished counts as failed. */
  recoverInterrupted(): void {
    const { runs, testbeds, tools } = this.#options;
    for (const id of runs.failInterrupted(tools.nowMs())) if (this.#jobs.has(id)) this.#jobs.amend(id, { state: 'failed' });
    for (const node of testbeds.listTestbeds().flatMap((testbed) => testbed.nodes)) {
      if (node.provisionState === 'provisioning') testbeds.updateNode(node.id, { provisionState: 'failed' });
    }
  }

  /** What an apply would do, found by looking; nothing changes on the nodes, and what was found is kept here. Throws `conflict` while the testbed is in use. */
  async plan(input: PlanProvisioningInput, signal: AbortSignal): Promise<ProvisionPlan> {
    const { testbedId, nodeIds, desired, acceptNewHostKeys, setsClock, keepsClock } = planProvisioningInput.parse(input);
    const testbed = this.#freeTestbed(testbedId, 'looked at');
    const states = this.#desired.changed(chooseNodes(testbed, nodeIds), desired);
    const { tools, changes } = this.#options;
    const plans = new Map<string, NodePlan>();
    await runLimited(states, MAX_NODES_AT_ONCE, async ({ nodeId, desired: state }) => {
      const session = new NodeSession({
        testbed,
        node: nodeOf(testbed, nodeId),
        desired: state,
        tools,
        acceptNewHostKeys,
        setsClock,
        keepsClock,
        signal,
        log: () => undefined,
        saveNode: () => undefined,
        keepFacts: () => undefined,
      });
      const plan = await planNode(session);
      plans.set(nodeId, plan);
      this.#keepCheck(plan, session);
    });
    changes.announce();
    const made = states.flatMap(({ nodeId }) => plans.get(nodeId) ?? []);
    const reached = made.filter(({ error }) => error === null).map(({ nodeId }) => nodeOf(testbed, nodeId));
    return { testbedId, madeAtMs: tools.nowMs(), nodes: made, peers: await this.#tryPeers(testbed, reached, signal) };
  }

  /** Null where there is no other node to reach: virtual nodes are all on this computer. */
  async #tryPeers(testbed: Testbed, nodes: readonly TestbedNode[], signal: AbortSignal): Promise<PeerReach | null> {
    if (testbed.kind === 'virtual' || nodes.length < 2 || signal.aborted) return null;
    return tryPeers({ nodes, connector: this.#options.tools.connector, signal });
  }

  /** The desired state of each node of a testbed. */
  listDesired(testbedId: string): NodeDesiredState[] {
    return this.#desired.list(this.#testbed(testbedId).nodes);
  }

  /** Keeps a change for these nodes; an apply brings it there. */
  setDesired(input: SetDesiredInput): NodeDesiredState[] {
    const { testbedId, nodeIds, desired } = setDesiredInput.parse(input);
    const states = this.#desired.changed(chooseNodes(this.#idleTestbed(testbedId), nodeIds), desired);
    this.#desired.keep(states);
    return states;
  }

  /** Starts in the background. Throws `conflict` while another provisioning of this testbed runs. */
  start(input: StartProvisioningInput): ProvisioningRun {
    const { testbedId, nodeIds, acceptNewHostKeys, setsClock, keepsClock, desired } = startProvisioningInput.parse(input);
    const testbed = this.#testbedFor(testbedId, setsClock);
    const chosen = chooseNodes(testbed, nodeIds);
    if (desired) this.#desired.keep(this.#desired.changed(chosen, desired));
    const nodes = chosen.map((node) => queuedProvision(node, 'apply'));
    return this.#start({ testbed, kind: 'apply', acceptNewHostKeys, setsClock, keepsClock, nodes });
  }

  /** Takes away what was installed, in the background. Throws `conflict` while the testbed is in use. */
  remove(input: RemoveProvisioningInput): ProvisioningRun {
    const { testbedId, nodeIds, removesModels } = removeProvisioningInput.parse(input);
    const testbed = this.#freeTestbed(testbedId, 'taken down');
    const kind = removesModels ? 'remove-with-models' : 'remove';
    const nodes = chooseNodes(testbed, nodeIds).map((node) => queuedProvision(node, kind));
    return this.#start({ testbed, kind, acceptNewHostKeys: false, setsClock: false, nodes });
  }

  /** Only nodes that failed, from their failed step on; with `setsClock` from where their clocks are looked at. */
  retryFailed(input: RetryFailedInput): ProvisioningRun {
    const { id, acceptNewHostKeys, setsClock } = retryFailedInput.parse(input);
    const former = this.get(id);
    const testbed =
      former.kind === 'apply' ? this.#testbedFor(former.testbedId, setsClock) : this.#freeTestbed(former.testbedId, 'taken down');
    const failed = former.nodes.filter((node) => node.state === 'failed' && testbed.nodes.some(({ id }) => id === node.nodeId));
    if (failed.length === 0)
      throw new AppError('conflict', 'No node failed in this provisioning.', 'Start a new one to check all nodes again.');
    const nodes = failed.map((node) => resumedProvision(node, { looksAtClock: setsClock }));
    return this.#start({ testbed, kind: former.kind, acceptNewHostKeys, setsClock, nodes });
  }

  get(provisioningId: string): ProvisioningRun {
    return this.#describe(this.#jobs.get(provisioningId));
  }

  /** Newest first. */
  list(testbedId: string): ProvisioningRun[] {
    const heads = this.#jobs.heads().filter(({ subject }) => subject.id === testbedId);
    return heads.map(({ id }) => this.get(id));
  }

  /** Yields the whole state at once and after each change (conflated), and ends when the run has ended. */
  watch(provisioningId: string, signal: AbortSignal): AsyncIterable<ProvisioningRun> {
    return this.#jobs.watch(provisioningId, signal, (job) => this.#describe(job));
  }

  isProvisioning(testbedId: string): boolean {
    return this.#jobs.open().some(({ subject }) => subject.id === testbedId);
  }

  /** The facts that a plan has read, and what came of it. */
  #keepCheck(plan: NodePlan, session: NodeSession): void {
    const { testbeds, factsHistory, recordEvent } = this.#options;
    const { nodeId } = plan;
    const facts = session.notedFacts;
    if (facts && testbeds.updateNode(nodeId, { facts })) {
      factsHistory.append({ nodeId, moment: 'asked', provisioningRunId: null, facts });
    }
    const check = describeCheck(plan);
    if (check) recordEvent({ kind: kindOfCheck(check.outcome), subjectId: nodeId, message: check.message });
  }

  #testbed(testbedId: string): Testbed {
    const testbed = this.#options.testbeds.getTestbed(testbedId);
    if (!testbed) throw notThere('testbed', testbedId);
    return testbed;
  }

  #idleTestbed(testbedId: string): Testbed {
    const testbed = this.#testbed(testbedId);
    if (this.isProvisioning(testbedId)) {
      throw new AppError('conflict', `Testbed "${testbed.name}" is being provisioned already.`, 'Wait until it has ended, or cancel it.');
    }
    return testbed;
  }

  /** One that is to be applied to; no clock jumps while a run uses it. */
  #testbedFor(testbedId: string, setsClock: boolean): Testbed {
    return setsClock ? this.#freeTestbed(testbedId, 'given the time') : this.#idleTestbed(testbedId);
  }

  /** Not even a run uses it: looking loads torch on the nodes, which would be measured with the tasks. */
  #freeTestbed(testbedId: string, whatFor: string): Testbed {
    const testbed = this.#idleTestbed(testbedId);
    const use = this.#options.describeUse(testbedId);
    if (use) throw new AppError('conflict', `Testbed "${testbed.name}" can't be ${whatFor} while ${use}.`, 'Wait until it has ended.');
    return testbed;
  }

  #start(options: ProvisioningWork & { kind: ProvisioningKind; nodes: NodeProvision[] }): ProvisioningRun {
    const { testbed, kind, nodes, acceptNewHostKeys, setsClock, keepsClock } = options;
    const run = { id: newId('provisioning'), testbedId: testbed.id, kind, nodes };
    this.#options.runs.save(run);
    const subject = { kind: 'testbed', id: testbed.id, name: testbed.name } as const;
    const job = this.#jobs.start({ id: run.id, title: titleOfProvisioning(kind), subject, detail: null }, (context) =>
      this.#work.carryOut(context, run, { testbed, acceptNewHostKeys, setsClock, keepsClock }),
    );
    return this.#describe(job);
  }

  #describe({ id, state, createdAtMs, finishedAtMs }: KindJob<null>): ProvisioningRun {
    return structuredClone({ ...this.#work.find(id), state, startedAtMs: createdAtMs, finishedAtMs });
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
