// One node's line: watches its agent, knows how long ago it spoke, reconnects by itself. Decides nothing about runs.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { PROTOCOL_VERSION } from '../../../shared/rpc/protocol-version.js';
import type { AgentStatus, DescribeResponse, TaskOutcome } from '../../../shared/rpc/gen/agent_pb.js';
import { CONNECTING, type NodeLive } from '../../../shared/testbed.js';
import type { Log } from '../log/log.js';
import type { AgentClient } from './agent-client.js';

/** Real milliseconds without a message after which an open stream counts as dead; the agent speaks at least once a second. */
const SILENCE_LIMIT_MS = 5_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 3_000;

export interface NodeLinkEvents {
  /** The agent answers (again). Runs configure it here; a throw counts as a broken line. */
  connected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void>;
  outcomes(nodeId: string, outcomes: TaskOutcome[]): void;
  /** Status, connection or age changed. */
  changed(nodeId: string): void;
}

export interface NodeLinkOptions {
  nodeId: string;
  client: AgentClient;
  events: NodeLinkEvents;
  /** Hears when the connection is up, when it breaks and why; an attempt that fails as the one before is not reported again. */
  log: Log;
}

export class NodeLink {
  readonly nodeId: string;
  readonly client: AgentClient;
  readonly #events: NodeLinkEvents;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #status: AgentStatus | null = null;
  #isConnected = false;
  #hasFailed = false;
  #lastHeardAtMs: number | null = null;
  #problem: string | null = CONNECTING;
  /** Ends the wait before the next attempt. */
  #hurry = new AbortController();
  /** To be called when the attempt under way, or the next one, has come to something. */
  readonly #attempted = new Set<() => void>();

  constructor({ nodeId, client, events, log }: NodeLinkOptions) {
    this.nodeId = nodeId;
    this.client = client;
    this.#events = events;
    this.#log = log;
    void this.#watchUntilClosed();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Its last attempt to reach the agent has failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  live(): NodeLive {
    const running = this.#status?.running;
    return {
      nodeId: this.nodeId,
      isConnected: this.#isConnected,
      lastCheckInAgeSec: this.#lastHeardAtMs === null ? null : (performance.now() - this.#lastHeardAtMs) / 1000,
      queueLength: this.#isConnected ? (this.#status?.queue?.queueLength ?? 0) : 0,
      backlogSec: this.#isConnected ? (this.#status?.queue?.backlogMs ?? 0) / 1000 : 0,
      runningTaskId: this.#isConnected ? running?.taskId || null : null,
      runningStep: this.#isConnected ? (running?.stepsDone ?? null) : null,
      runningSteps: this.#isConnected ? (running?.stepsTotal ?? null) : null,
      executedCount: this.#status?.executedCount ?? 0,
      policy: policyOf(this.#status),
      problem: this.#isConnected ? this.#status?.workerProblem || this.#status?.policy?.problem || null : this.#problem,
    };
  }

  /** Tries to reach the agent now; resolves when that attempt, or the one under way, has succeeded or failed, and at once while it is connected. */
  async tryNow(): Promise<void> {
    if (this.#isConnected || this.#closing.signal.aborted) return;
    const attempted = new Promise<void>((resolve) => this.#attempted.add(resolve));
    this.#hurry.abort();
    await attempted;
  }

  close(): void {
    this.#closing.abort();
    this.client.close();
    this.#noteAttempt();
  }

  async #watchUntilClosed(): Promise<void> {
    const closing = this.#closing.signal;
    let retryMs = FIRST_RETRY_MS;
    while (!closing.aborted) {
      const line = new AbortController();
      const signal = AbortSignal.any([closing, line.signal]);
      let silence: NodeJS.Timeout | undefined;
      const listenOn = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => line.abort(), SILENCE_LIMIT_MS);
      };
      try {
        listenOn();
        checkProtocol(this.nodeId, await this.client.describe(signal));
        // It answered: anyone who hears of the connection may use it at once.
        this.#heard(null);
        await this.#events.connected(this.nodeId, this.client, signal);
        for await (const message of this.client.watch('', signal)) {
          listenOn();
          retryMs = FIRST_RETRY_MS;
          this.#heard(message.status ?? null);
          if (message.outcomes.length > 0) this.#events.outcomes(this.nodeId, message.outcomes);
        }
        this.#lost('The agent closed the connection.');
      } catch (thrown) {
        this.#lost(line.signal.aborted ? 'The agent fell silent.' : sentenceOf(thrown));
      } finally {
        clearTimeout(silence);
      }
      // Someone who asks while nothing is tried is heard here; who asked during the attempt has its outcome.
      this.#hurry = new AbortController();
      await delay(retryMs, undefined, { signal: AbortSignal.any([closing, this.#hurry.signal]) }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  #heard(status: AgentStatus | null): void {
    if (status) this.#status = status;
    if (!this.#isConnected) this.#log.info('A node is connected', { nodeId: this.nodeId });
    this.#isConnected = true;
    this.#hasFailed = false;
    this.#lastHeardAtMs = performance.now();
    this.#problem = null;
    this.#noteAttempt();
    this.#events.changed(this.nodeId);
  }

  #noteAttempt(): void {
    for (const resolve of this.#attempted) resolve();
    this.#attempted.clear();
  }

  #lost(problem: string): void {
    if (this.#closing.signal.aborted) return;
    if (this.#isConnected) this.#log.warn('The connection to a node is lost', { nodeId: this.nodeId, reason: problem });
    else if (problem !== this.#problem) this.#log.warn('A node does not connect', { nodeId: this.nodeId, reason: problem });
    this.#isConnected = false;
    this.#hasFailed = true;
    this.#problem = problem;
    this.client.reset();
    this.#noteAttempt();
    this.#events.changed(this.nodeId);
  }
}

function policyOf(status: AgentStatus | null): NodeLive['policy'] {
  const policy = status?.policy;
  if (!policy) return null;
  const { runId, method, version, decisionMs, problem } = policy;
  return { runId, method, version, decisionMs, problem: problem || null };
}

/** Two ages of the protocol would misunderstand each other about tasks. */
function checkProtocol(nodeId: string, { protocolVersion, agentVersion }: DescribeResponse): void {
  if (protocolVersion === PROTOCOL_VERSION) return;
  const age = protocolVersion < PROTOCOL_VERSION ? 'an older' : 'a newer';
  const message = `The agent of node ${nodeId} (${agentVersion}) speaks ${age} protocol: ${protocolVersion}, this program ${PROTOCOL_VERSION}.`;
  throw new AppError('agent-failed', message, 'Provision the node again: that brings the agent of this program.');
}

/** With the remedy, unless it is the one that everyone tries first where nothing answers. */
function sentenceOf(thrown: unknown): string {
  const { code, message, hint } = toErrorShape(thrown);
  const isExplained = thrown instanceof AppError && thrown.cause instanceof AppError;
  return (code === 'agent-failed' || isExplained) && hint !== null ? `${message} ${hint}` : message;
}
