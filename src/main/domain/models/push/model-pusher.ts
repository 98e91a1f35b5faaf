// Pushes models to nodes for anyone who asks: the window, the terminal, a provisioning step. Nodes that get the same model at the same time
// share one process, so that the file is read once and they can hand blocks on to each other.
import { AppError } from '../../../../shared/errors.js';
import type { PushOutcome, PushProgress } from '../../../../shared/model-push.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { ClientIdentity } from '../../../adapters/agents/agent-client.js';
import type { ResolvedSshRoute } from '../../../adapters/ssh/ssh-route.js';
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import type { PushTarget, PushWorker, StartPushWorker } from './push-worker-messages.js';

/** Stays free on a node's disk: a device whose disk is full no longer boots into its desktop. */
export const RESERVE_BYTES = 256_000_000;

export interface ModelPusherOptions {
  startWorker: StartPushWorker;
  /** The way to a node, or why it can't be gone. */
  connector: { resolve(node: TestbedNode, signal: AbortSignal): Promise<{ route: ResolvedSshRoute } | { error: AppError }> };
  identities: { controlCenter(testbedId: string): Promise<ClientIdentity> };
  reserveBytes?: number;
}

export interface PushModelOptions {
  model: StoredModel;
  node: TestbedNode;
  signal: AbortSignal;
  onProgress(progress: PushProgress): void;
}

export class ModelPusher {
  readonly #options: ModelPusherOptions;
  /** By the model's hash. */
  readonly #processes = new Map<string, PushWorker>();
  readonly #ending = new Set<Promise<void>>();
  readonly #busy = new Set<string>();

  constructor(options: ModelPusherOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the model is whole and verified on the node; `isUnchanged` where it was. The node's host key is judged first: an unknown
   * or changed one stops before anything is sent. Throws why the node was not reached, `no-space`, `io`, `conflict` (the file here has changed,
   * or the same push runs already), `cancelled`.
   */
  async push(options: PushModelOptions): Promise<PushOutcome> {
    const { model, node, signal, onProgress } = options;
    const key = `${model.sha256} ${node.id}`;
    if (this.#busy.has(key)) {
      throw new AppError('conflict', `Model “${model.name}” is being pushed to node "${node.name}" already.`, 'Wait for it, or cancel it.');
    }
    this.#busy.add(key);
    try {
      return await this.#processOf(model).push(node, this.#resolve(node, signal), { signal, onProgress });
    } finally {
      this.#busy.delete(key);
    }
  }

  /** Of the processes that push now. */
  processIds(): number[] {
    return [...this.#processes.values()].flatMap(({ pid }) => pid ?? []);
  }

  /** Ends every process; what is under way fails, and the next push continues from it. */
  async close(): Promise<void> {
    for (const process of this.#processes.values()) process.kill();
    await Promise.all(this.#ending);
  }

  async #resolve(node: TestbedNode, signal: AbortSignal): Promise<PushTarget> {
    const { connector, identities } = this.#options;
    const outcome = await connector.resolve(node, signal);
    if ('error' in outcome) throw outcome.error;
    const agent =
      node.agentPort === null ? null : { host: node.host, port: node.agentPort, identity: await identities.controlCenter(node.testbedId) };
    return { nodeId: node.id, nodeName: node.name, route: outcome.route, agent };
  }

  #processOf(model: StoredModel): PushWorker {
    const known = this.#processes.get(model.sha256);
    if (known) return known;
    const { sha256, layout, path, files } = model;
    const started = this.#options.startWorker({
      model: { sha256, layout, path, files },
      reserveBytes: this.#options.reserveBytes ?? RESERVE_BYTES,
      onIdle: () => {
        if (this.#processes.get(sha256) === started) this.#processes.delete(sha256);
      },
    });
    this.#processes.set(sha256, started);
    const ended = started.ended.then(() => void this.#ending.delete(ended));
    this.#ending.add(ended);
    return started;
  }
}
