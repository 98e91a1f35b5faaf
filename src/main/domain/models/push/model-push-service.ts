// Pushes as the window and the terminal see them: started for many nodes, watched, cancelled. One node's failure stays its own.
import { type StartModelPushInput, startModelPushInput } from '../../../../shared/api/push-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { ModelPush, PushNode } from '../../../../shared/model-push.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-fault.js';
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import type { ModelPusher } from './model-pusher.js';

/** Pushes that have ended and are still told about; older ones are forgotten. */
const KEEP_ENDED = 50;

export interface ModelPushServiceOptions {
  pusher: Pick<ModelPusher, 'push' | 'close'>;
  /** Throw `not-found`. */
  getModel(id: string): StoredModel;
  getTestbed(id: string): Testbed;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
}

interface ActivePush {
  push: ModelPush;
  cancelling: AbortController;
  ended: Promise<void>;
}

export class ModelPushService {
  readonly #options: ModelPushServiceOptions;
  readonly #pushes = new Map<string, ActivePush>();
  readonly #changes = new ChangeTopic();

  constructor(options: ModelPushServiceOptions) {
    this.#options = options;
  }

  /** Begins in the background. Throws `not-found`. What a former push left on a node is verified and taken up. */
  start(input: StartModelPushInput): ModelPush {
    const { modelId, testbedId, nodeIds } = startModelPushInput.parse(input);
    const { getModel, getTestbed, newId, nowMs } = this.#options;
    const model = getModel(modelId);
    const testbed = getTestbed(testbedId);
    const nodes = [...new Set(nodeIds ? nodeIds.map((id) => nodeOf(testbed, id)) : testbed.nodes)];
    if (nodes.length === 0) throw new AppError('invalid-input', `Testbed "${testbed.name}" has no nodes to push to.`, 'Add a node first.');
    this.#forgetOldest();
    const totalBytes = model.sizeBytes;
    const push: ModelPush = {
      id: newId('push'),
      modelId,
      modelName: model.name,
      testbedId,
      state: 'running',
      nodes: nodes.map((node) => queuedNode(node, totalBytes)),
      startedAtMs: nowMs(),
      finishedAtMs: null,
    };
    const active: ActivePush = { push, cancelling: new AbortController(), ended: Promise.resolve() };
    this.#pushes.set(push.id, active);
    active.ended = this.#pushAll(active, model, nodes);
    return structuredClone(push);
  }

  list(): ModelPush[] {
    return [...this.#pushes.values()].map(({ push }) => structuredClone(push));
  }

  /** Throws `not-found`. */
  get(id: string): ModelPush {
    return structuredClone(this.#find(id).push);
  }

  /** Resolves when nothing is sent any more; what is on the nodes stays for the next push. */
  async cancel(id: string): Promise<void> {
    const active = this.#find(id);
    active.cancelling.abort();
    await active.ended;
  }

  /** Yields the whole push at once and after each change (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<ModelPush> {
    this.#find(id);
    return watchSnapshots(
      {
        read: () => this.get(id),
        subscribe: (listener) => this.#changes.subscribe(listener),
        isLast: (push) => push.state !== 'running',
      },
      signal,
    );
  }

  /** Ends what runs; the next push goes on from what is on the nodes. */
  async close(): Promise<void> {
    for (const { cancelling } of this.#pushes.values()) cancelling.abort();
    await Promise.all([...this.#pushes.values()].map(({ ended }) => ended));
    await this.#options.pusher.close();
  }

  async #pushAll({ push, cancelling }: ActivePush, model: StoredModel, nodes: readonly TestbedNode[]): Promise<void> {
    await Promise.all(push.nodes.map((entry, index) => this.#pushOne(entry, model, nodes[index]!, cancelling.signal)));
    const succeeded = push.nodes.filter(({ outcome }) => outcome !== null).length;
    push.state = succeeded === push.nodes.length ? 'succeeded' : cancelling.signal.aborted ? 'cancelled' : 'failed';
    push.finishedAtMs = this.#options.nowMs();
    this.#options.recordEvent({
      kind: `model-push-${push.state}`,
      subjectId: model.id,
      message: `Push of model “${model.name}” ${push.state}: on ${succeeded} of ${push.nodes.length} nodes.`,
    });
    this.#changes.announce();
  }

  async #pushOne(entry: PushNode, model: StoredModel, node: TestbedNode, signal: AbortSignal): Promise<void> {
    const change = (changed: Partial<PushNode>): void => {
      Object.assign(entry, changed);
      this.#changes.announce();
    };
    try {
      change({ progress: { ...entry.progress, state: 'connecting' } });
      const outcome = await this.#options.pusher.push({ model, node, signal, onProgress: (progress) => change({ progress }) });
      const { totalBytes, foundBytes, sentBytes, relayedBytes, elapsedMs } = outcome;
      const arrivedBytes = totalBytes - foundBytes;
      const progress = { ...entry.progress, state: 'succeeded' as const, doneBytes: totalBytes, foundBytes, sentBytes, relayedBytes };
      const bytesPerSec = arrivedBytes > 0 && elapsedMs > 0 ? (arrivedBytes / elapsedMs) * 1000 : null;
      change({ outcome, progress: { ...progress, bytesPerSec, remainingSec: 0 } });
    } catch (thrown) {
      const error = describeFailure(this.#options.log, thrown, { doing: 'pushing a model', nodeId: node.id });
      const state = error.code === 'cancelled' ? ('cancelled' as const) : ('failed' as const);
      change({ error, progress: { ...entry.progress, state, bytesPerSec: null, remainingSec: null } });
    }
  }

  #find(id: string): ActivePush {
    const active = this.#pushes.get(id);
    if (!active) throw new AppError('not-found', `There is no push ${id}`, 'It is forgotten when the program ends; push again.');
    return active;
  }

  #forgetOldest(): void {
    const ended = [...this.#pushes.values()].filter(({ push }) => push.state !== 'running');
    for (const { push } of ended.slice(0, Math.max(0, ended.length - KEEP_ENDED + 1))) this.#pushes.delete(push.id);
  }
}

function queuedNode(node: TestbedNode, totalBytes: number): PushNode {
  const progress = { totalBytes, doneBytes: 0, foundBytes: 0, sentBytes: 0, relayedBytes: 0, bytesPerSec: null, remainingSec: null };
  return { nodeId: node.id, nodeName: node.name, progress: { state: 'queued', ...progress }, outcome: null, error: null };
}

function nodeOf(testbed: Testbed, nodeId: string): TestbedNode {
  const node = testbed.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new AppError('not-found', `Testbed "${testbed.name}" has no node "${nodeId}".`, 'List the testbed to see its nodes.');
  return node;
}
