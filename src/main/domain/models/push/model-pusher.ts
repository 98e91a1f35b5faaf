// Pushes models to nodes for anyone who asks: the window, the terminal, a provisioning step. Nodes that get the same model at the same time
// share one process, so that the file is read once and they can hand blocks on to each other.
import { AppError } from '../../../../shared/errors.js';
import type { PushOutcome, PushProgress, PushVerification } from '../../../../shared/model-push.js';
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
  connector: {
    /** `isProbed`: by connecting to it, so that a key that has changed becomes a question. */
    resolve(
      node: TestbedNode,
      signal: AbortSignal,
      options?: { isProbed: boolean },
    ): Promise<{ route: ResolvedSshRoute } | { error: AppError }>;
  };
  identities: { controlCenter(testbedId: string): Promise<ClientIdentity> };
  /** Path of OpenSSH's `ssh` on this computer; null where there is none. */
  openSshPath: string | null;
  reserveBytes?: number;
}

export interface PushModelOptions {
  model: StoredModel;
  node: TestbedNode;
  /** How a model that is there already is compared with the record; `sampled` where it is left out. */
  verification?: PushVerification;
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
   * Resolves when the model is whole and verified on the node; `isUnchanged` where it was. What was there and is not as on record is re-sent, block
   * by block; with the verification `only` that throws `conflict` and nothing is sent. The node's host key is judged first: an unknown
   * or changed one stops before anything is sent. Throws why the node was not reached, `no-space`, `io`, `conflict` (the file here has changed,
   * or the same push runs already), `cancelled`.
   */
  async push(options: PushModelOptions): Promise<PushOutcome> {
    const { model, node, verification = 'sampled', signal, onProgress } = options;
    const key = `${model.sha256} ${node.id}`;
    if (this.#busy.has(key)) {
      throw new AppError('conflict', `Model “${model.name}” is being pushed to node "${node.name}" already.`, 'Wait for it, or cancel it.');
    }
    this.#busy.add(key);
    try {
      return await this.#processOf(model).push(node, this.#resolve(node, verification, signal), { signal, onProgress });
    } catch (thrown) {
      throw await this.#asQuestion(thrown, node, signal);
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

  /** That another key was shown, only the push process has seen: whoever may ask the user looks again. */
  async #asQuestion(thrown: unknown, node: TestbedNode, signal: AbortSignal): Promise<unknown> {
    if (!(thrown instanceof AppError) || thrown.code !== 'host-key-changed') return thrown;
    const outcome = await this.#options.connector.resolve(node, signal, { isProbed: true });
    return 'error' in outcome ? outcome.error : thrown;
  }

  async #resolve(node: TestbedNode, verification: PushVerification, signal: AbortSignal): Promise<PushTarget> {
    const { connector, identities } = this.#options;
    const outcome = await connector.resolve(node, signal);
    if ('error' in outcome) throw outcome.error;
    const agent =
      node.agentPort === null ? null : { host: node.host, port: node.agentPort, identity: await identities.controlCenter(node.testbedId) };
    return { nodeId: node.id, nodeName: node.name, route: outcome.route, agent, verification };
  }

  #processOf(model: StoredModel): PushWorker {
    const known = this.#processes.get(model.sha256);
    if (known) return known;
    const { sha256, layout, path, files } = model;
    const { reserveBytes = RESERVE_BYTES, openSshPath } = this.#options;
    const started = this.#options.startWorker({
      work: { model: { sha256, layout, path, files }, reserveBytes, openSshPath },
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
