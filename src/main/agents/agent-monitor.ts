// Keeps a line to the agent of every provisioned node and hands its news to whoever runs something on the testbed.
import type { TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import type { NodeLive, Testbed, TestbedNode } from '../../shared/testbed.js';
import { ChangeTopic } from '../live/change-topic.js';
import { SILENT_LOG, type Log } from '../log/log.js';
import type { AgentClient, ClientIdentity } from './agent-client.js';
import { NodeLink } from './node-link.js';
import type { NodeLinkEvents } from './node-link.js';
import { openAgentClient } from './open-agent-client.js';

/** What a run wants to hear from the nodes of its testbed. */
export interface RunLine {
  /** An agent answers: configure it. Called again after every reconnect. */
  connected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void>;
  outcomes(nodeId: string, outcomes: TaskOutcome[]): void;
}

export interface AgentMonitorOptions {
  listTestbeds(): Testbed[];
  identityFor(testbedId: string): Promise<ClientIdentity>;
  /** For outcomes and connections of testbeds without an active run. */
  idleLine: RunLine;
  /** Hears of nodes that connect and that are lost. */
  log?: Log;
}

interface Watched {
  link: NodeLink;
  testbedId: string;
  address: string;
}

export class AgentMonitor {
  readonly #options: AgentMonitorOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #lines = new Map<string, RunLine>();
  readonly #topics = new Map<string, ChangeTopic>();
  #syncing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: AgentMonitorOptions) {
    this.#options = options;
  }

  /** Opens and closes lines so that they fit the testbeds as they are now. Call after each change of a testbed. */
  sync(): Promise<void> {
    this.#syncing = this.#syncing.then(() => this.#syncNow());
    return this.#syncing;
  }

  /** Routes news of a testbed's nodes to a run, until the returned function is called. Nodes already connected are announced at once. */
  attach(testbedId: string, line: RunLine): () => void {
    this.#lines.set(testbedId, line);
    return () => {
      if (this.#lines.get(testbedId) === line) this.#lines.delete(testbedId);
    };
  }

  /** The client of a node whose line stands; null otherwise. */
  connectedClient(nodeId: string): AgentClient | null {
    const watched = this.#watched.get(nodeId);
    return watched?.link.isConnected ? watched.link.client : null;
  }

  snapshot(testbedId: string): NodeLive[] {
    const testbed = this.#options.listTestbeds().find((candidate) => candidate.id === testbedId);
    return (testbed?.nodes ?? []).map((node) => this.#watched.get(node.id)?.link.live() ?? offline(node));
  }

  onChange(testbedId: string, listener: () => void): () => void {
    return this.#topic(testbedId).subscribe(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#syncing;
    for (const { link } of this.#watched.values()) link.close();
    this.#watched.clear();
  }

  async #syncNow(): Promise<void> {
    if (this.#isClosed) return;
    const testbeds = this.#options.listTestbeds();
    const wanted = new Map(testbeds.flatMap((testbed) => testbed.nodes.filter(isReady).map((node) => [node.id, node] as const)));
    for (const [nodeId, watched] of this.#watched) {
      const node = wanted.get(nodeId);
      if (node && addressOf(node) === watched.address) continue;
      watched.link.close();
      this.#watched.delete(nodeId);
    }
    for (const node of wanted.values()) {
      if (this.#watched.has(node.id) || node.agentPort === null) continue;
      const identity = await this.#options.identityFor(node.testbedId);
      const client = await openAgentClient({ nodeId: node.id, host: node.host, port: node.agentPort, identity });
      const events: NodeLinkEvents = {
        connected: (nodeId, connected, signal) => this.#lineOf(node.testbedId).connected(nodeId, connected, signal),
        outcomes: (nodeId, outcomes) => this.#lineOf(node.testbedId).outcomes(nodeId, outcomes),
        changed: () => this.#topic(node.testbedId).announce(),
      };
      const link = new NodeLink({ nodeId: node.id, client, events, log: this.#options.log ?? SILENT_LOG });
      this.#watched.set(node.id, { link, testbedId: node.testbedId, address: addressOf(node) });
    }
    for (const testbed of testbeds) this.#topic(testbed.id).announce();
  }

  #lineOf(testbedId: string): RunLine {
    return this.#lines.get(testbedId) ?? this.#options.idleLine;
  }

  #topic(testbedId: string): ChangeTopic {
    let topic = this.#topics.get(testbedId);
    if (!topic) this.#topics.set(testbedId, (topic = new ChangeTopic()));
    return topic;
  }
}

function isReady(node: TestbedNode): boolean {
  return node.provisionState === 'ready' && node.agentPort !== null;
}

function addressOf(node: TestbedNode): string {
  return `${node.host}:${node.agentPort}`;
}

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
    problem: node.provisionState === 'ready' ? 'No line to its agent yet.' : 'Not provisioned yet.',
  };
}
