// Keeps a line to the agent of every provisioned node and hands its news to anyone who runs something on the testbed.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../shared/errors.js';
import type { TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import type { NodeLive, ProvisionState, Testbed, TestbedNode } from '../../../shared/testbed.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { SILENT_LOG, type Log } from '../log/log.js';
import type { AgentClient, ClientIdentity } from './agent-client.js';
import { DAY_MS } from './certificate-life.js';
import { keepTrust, type Trust, type TrustSource } from './keep-trust.js';
import { NodeLink } from './node-link.js';
import type { NodeLinkEvents } from './node-link.js';
import { openAgentClient } from './open-agent-client.js';

/** Real milliseconds: certificates of connections that last for weeks are looked at so often. */
const TRUST_CHECK_MS = DAY_MS / 4;
/** Real milliseconds until a roster that a standing line did not carry is re-sent. */
const TRUST_RETRY_MS = 2_000;

/** What a run wants to hear from the nodes of its testbed. */
export interface RunHandler {
  /** An agent answers: configure it. Called again after every reconnect. */
  connected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void>;
  outcomes(nodeId: string, outcomes: TaskOutcome[]): void;
}

export interface AgentMonitorOptions {
  listTestbeds(): Testbed[];
  identityFor(testbedId: string): Promise<ClientIdentity>;
  renewNodeCertificate(testbedId: string, nodeId: string, shown: Uint8Array): ReturnType<TrustSource['renew']>;
  /** For outcomes and connections of testbeds without an active run. */
  idleHandler: RunHandler;
  /** Hears of nodes that connect and that are lost. */
  log?: Log;
}

interface Watched {
  link: NodeLink;
  testbedId: string;
  address: string;
  identity: ClientIdentity;
  /** What the agent was sent last of whom to let in; null before the first time. */
  trust: Trust | null;
  ending: AbortController;
}

export class AgentMonitor {
  readonly #options: AgentMonitorOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #handlers = new Map<string, RunHandler>();
  readonly #topics = new Map<string, ChangeTopic>();
  #syncing: Promise<void> = Promise.resolve();
  readonly #trustTimer: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: AgentMonitorOptions) {
    this.#options = options;
    this.#trustTimer = setInterval(() => void this.#checkTrust(), TRUST_CHECK_MS).unref();
  }

  /** Opens and closes lines so that they fit the testbeds as they are now. Call after each change of a testbed. */
  sync(): Promise<void> {
    this.#syncing = this.#syncing.then(() => this.#syncNow());
    return this.#syncing;
  }

  /** Tries to reach the agent of a node now, instead of when it would be tried next. Resolves with what came of it. Throws `not-found`. */
  async reconnect(nodeId: string): Promise<NodeLive> {
    await this.sync();
    const testbed = this.#options.listTestbeds().find(({ nodes }) => nodes.some(({ id }) => id === nodeId));
    if (!testbed) throw new AppError('not-found', `There is no node “${nodeId}”.`, 'List the testbeds to see their nodes.');
    await this.#watched.get(nodeId)?.link.tryNow();
    return this.snapshot(testbed.id).find((live) => live.nodeId === nodeId)!;
  }

  /** Routes news of a testbed's nodes to a run, until the returned function is called. Nodes already connected are announced at once. */
  attach(testbedId: string, handler: RunHandler): () => void {
    this.#handlers.set(testbedId, handler);
    return () => {
      if (this.#handlers.get(testbedId) === handler) this.#handlers.delete(testbedId);
    };
  }

  /** The client of a node that is connected; null otherwise. */
  connectedClient(nodeId: string): AgentClient | null {
    const watched = this.#watched.get(nodeId);
    return watched?.link.isConnected ? watched.link.client : null;
  }

  snapshot(testbedId: string): NodeLive[] {
    return this.#nodesOf(testbedId).map((node) => {
      const watched = this.#watched.get(node.id);
      if (!watched) return offline(node);
      const live = watched.link.live();
      return { ...live, problem: live.problem ?? (live.isConnected ? (watched.trust?.problem ?? null) : null) };
    });
  }

  onChange(testbedId: string, listener: () => void): () => void {
    return this.#topic(testbedId).subscribe(listener);
  }

  /**
   * Resolves when every agent of the testbed has taken its present roster or is out of reach, at the latest when the signal says so. Returns
   * the ids of the nodes that have not; they hear it at their next connect.
   */
  async untilRosterTaken(testbedId: string, signal: AbortSignal): Promise<string[]> {
    await this.sync();
    const own = [...this.#watched.values()].filter((watched) => watched.testbedId === testbedId);
    const isTaken = (watched: Watched, roster: string[]): boolean =>
      watched.link.isConnected && hasRoster(watched, roster) && watched.trust?.isTaken === true;
    const isDecided = (watched: Watched, roster: string[]): boolean =>
      (watched.link.isConnected && hasRoster(watched, roster)) || watched.link.hasFailed || watched.ending.signal.aborted;
    let roster: string[] = [];
    await new Promise<void>((resolve) => {
      const look = (): void => {
        roster = rosterOf(this.#nodesOf(testbedId));
        if (!signal.aborted && !own.every((watched) => isDecided(watched, roster))) return;
        unsubscribe();
        signal.removeEventListener('abort', look);
        resolve();
      };
      const unsubscribe = this.onChange(testbedId, look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
    // An agent that provisioning left behind without a line to it is asked by no one.
    const unwatched = this.#nodesOf(testbedId).filter(({ id, agentPort }) => agentPort !== null && !this.#watched.has(id));
    const untold = own.filter((watched) => !isTaken(watched, roster)).map(({ link }) => link.nodeId);
    return [...new Set([...untold, ...unwatched.map(({ id }) => id)])];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#trustTimer);
    await this.#syncing;
    for (const watched of this.#watched.values()) endConnection(watched);
    this.#watched.clear();
  }

  async #syncNow(): Promise<void> {
    if (this.#isClosed) return;
    const testbeds = this.#options.listTestbeds();
    const desired = new Map(testbeds.flatMap((testbed) => testbed.nodes.filter(isReady).map((node) => [node.id, node] as const)));
    for (const [nodeId, watched] of this.#watched) {
      const node = desired.get(nodeId);
      if (node && addressOf(node) === watched.address) continue;
      endConnection(watched);
      this.#watched.delete(nodeId);
    }
    for (const node of desired.values()) {
      if (this.#watched.has(node.id) || node.agentPort === null) continue;
      const identity = await this.#options.identityFor(node.testbedId);
      const client = await openAgentClient({ nodeId: node.id, host: node.host, port: node.agentPort, identity });
      const events: NodeLinkEvents = {
        connected: async (nodeId, connected, signal) => {
          await this.#keepTrust(watched, signal);
          await this.#handlerOf(node.testbedId).connected(nodeId, connected, signal);
        },
        outcomes: (nodeId, outcomes) => this.#handlerOf(node.testbedId).outcomes(nodeId, outcomes),
        changed: () => this.#topic(node.testbedId).announce(),
      };
      const link = new NodeLink({ nodeId: node.id, client, events, log: this.#options.log ?? SILENT_LOG });
      const watched: Watched = {
        ...{ link, identity, testbedId: node.testbedId, address: addressOf(node) },
        ...{ trust: null, ending: new AbortController() },
      };
      this.#watched.set(node.id, watched);
    }
    const rosters = new Map(testbeds.map((testbed) => [testbed.id, rosterOf(testbed.nodes)]));
    for (const watched of this.#watched.values()) {
      if (watched.link.isConnected && !hasRoster(watched, rosters.get(watched.testbedId) ?? [])) void this.#keepTrustOnConnection(watched);
    }
    for (const testbed of testbeds) this.#topic(testbed.id).announce();
  }

  #nodesOf(testbedId: string): TestbedNode[] {
    return this.#options.listTestbeds().find(({ id }) => id === testbedId)?.nodes ?? [];
  }

  /** Throws when the line breaks. */
  async #keepTrust(watched: Watched, signal: AbortSignal): Promise<void> {
    const { link, testbedId } = watched;
    const source: TrustSource = {
      nodeIds: () => rosterOf(this.#nodesOf(testbedId)),
      renew: (shown) => this.#options.renewNodeCertificate(testbedId, link.nodeId, shown),
    };
    watched.trust = await keepTrust(link.client, source, signal);
    this.#topic(testbedId).announce();
  }

  /** As `#keepTrust`, again and again while it is connected: a new connection sends the roster by itself. */
  async #keepTrustOnConnection(watched: Watched): Promise<void> {
    const { signal } = watched.ending;
    while (!signal.aborted && watched.link.isConnected) {
      try {
        await this.#keepTrust(watched, signal);
        return;
      } catch {
        // The line knows best why; it says so when it breaks.
        await delay(TRUST_RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Own certificates and those of the agents, while they are connected. */
  async #checkTrust(): Promise<void> {
    for (const watched of this.#watched.values()) {
      const identity = await this.#options.identityFor(watched.testbedId);
      if (identity.certificatePem !== watched.identity.certificatePem) {
        watched.identity = identity;
        watched.link.client.useIdentity(identity);
      }
      if (watched.link.isConnected) void this.#keepTrustOnConnection(watched);
    }
  }

  #handlerOf(testbedId: string): RunHandler {
    return this.#handlers.get(testbedId) ?? this.#options.idleHandler;
  }

  #topic(testbedId: string): ChangeTopic {
    let topic = this.#topics.get(testbedId);
    if (!topic) this.#topics.set(testbedId, (topic = new ChangeTopic()));
    return topic;
  }
}

function rosterOf(nodes: readonly TestbedNode[]): string[] {
  return nodes.map(({ id }) => id).sort();
}

function hasRoster({ trust }: Watched, roster: readonly string[]): boolean {
  return trust?.nodeIds.join() === roster.join();
}

function endConnection(watched: Watched): void {
  watched.ending.abort();
  watched.link.close();
}

function isReady(node: TestbedNode): boolean {
  return node.provisionState === 'ready' && node.agentPort !== null;
}

function addressOf(node: TestbedNode): string {
  return `${node.host}:${node.agentPort}`;
}

const OFFLINE_REASONS: Record<ProvisionState, string> = {
  new: 'Not provisioned yet.',
  provisioning: 'Its provisioning is in progress.',
  ready: 'Not connected to its agent yet.',
  failed: 'Its provisioning failed.',
};

function offline(node: TestbedNode): NodeLive {
  return {
    nodeId: node.id,
    isConnected: false,
    lastCheckInAgeSec: null,
    queueLength: 0,
    backlogSec: 0,
    runningTaskId: null,
    runningStep: null,
    runningSteps: null,
    executedCount: 0,
    problem: OFFLINE_REASONS[node.provisionState],
  };
}
