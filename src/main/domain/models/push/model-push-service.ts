// Pushes as the window and the terminal see them: started for many nodes, watched, cancelled. One node's failure stays its own.
import { type StartModelPushInput, startModelPushInput } from '../../../../shared/api/push-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { ModelPush, PushNode, PushProgress } from '../../../../shared/model-push.js';
import type { Testbed, TestbedNode } from '../../../../shared/testbed.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { StoredModel } from '../../../adapters/storage/model-repository.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { JobContext, JobEnd } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import type { ModelPusher } from './model-pusher.js';
import { changeNode, type PushDetail, pushEnd, pushJobs, queuedNode, toModelPush } from './push-job.js';

export interface ModelPushServiceOptions {
  pusher: Pick<ModelPusher, 'push'>;
  /** Throw `not-found`. */
  getModel(id: string): StoredModel;
  getTestbed(id: string): Testbed;
  jobs: JobEngine;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
}

export class ModelPushService {
  readonly #options: ModelPushServiceOptions;
  readonly #jobs: JobsOfKind<PushDetail>;

  constructor(options: ModelPushServiceOptions) {
    this.#options = options;
    this.#jobs = options.jobs.plugIn(pushJobs((context) => this.#pushAll(context)));
  }

  /** Starts in the background. Throws `not-found`. What a former push left on a node is verified and taken up. */
  start(input: StartModelPushInput): ModelPush {
    const { modelId, testbedId, nodeIds, verification } = startModelPushInput.parse(input);
    const model = this.#options.getModel(modelId);
    const testbed = this.#options.getTestbed(testbedId);
    const nodes = [...new Set(nodeIds ? nodeIds.map((id) => nodeOf(testbed, id)) : testbed.nodes)];
    if (nodes.length === 0) throw new AppError('invalid-input', `Testbed "${testbed.name}" has no nodes to push to.`, 'Add a node first.');
    const job = this.#jobs.start({
      title: `${verification === 'only' ? 'Verify on' : 'Push to'} testbed “${testbed.name}”`,
      subject: { kind: 'model', id: model.id, name: model.name },
      detail: { testbedId, verification, nodes: nodes.map((node) => queuedNode(node, model.sizeBytes)) },
    });
    return toModelPush(job);
  }

  /** Oldest first. */
  list(): ModelPush[] {
    return this.#jobs.recent().map(toModelPush);
  }

  /** Throws `not-found`. */
  get(id: string): ModelPush {
    return toModelPush(this.#jobs.get(id));
  }

  /** Yields the whole push at once and after each change (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<ModelPush> {
    return this.#jobs.watch(id, signal, toModelPush);
  }

  async #pushAll(context: JobContext<PushDetail>): Promise<JobEnd> {
    const model = this.#options.getModel(context.subject.id ?? '');
    const testbed = this.#options.getTestbed(context.detail.testbedId);
    const open = context.detail.nodes.filter(({ outcome }) => outcome === null);
    await Promise.all(open.map(({ nodeId }) => this.#pushOne(context, model, testbed, nodeId)));
    const end = pushEnd(context.detail, context.cancelling.aborted);
    const what = context.detail.verification === 'only' ? 'Verification' : 'Push';
    const message = `${what} of model “${model.name}” ${end.state}: ${end.outcome ?? ''}.`;
    this.#options.recordEvent({ kind: `model-push-${end.state}`, subjectId: model.id, message });
    return end;
  }

  async #pushOne(context: JobContext<PushDetail>, model: StoredModel, testbed: Testbed, nodeId: string): Promise<void> {
    const change = (changed: (node: PushNode) => Partial<PushNode>): void => changeNode(context, nodeId, changed);
    try {
      change(({ progress }) => ({ progress: { ...progress, state: 'connecting' } }));
      const node = nodeOf(testbed, nodeId);
      const onProgress = (progress: PushProgress): void => change(() => ({ progress }));
      const { verification } = context.detail;
      const outcome = await this.#options.pusher.push({ model, node, verification, signal: context.cancelling, onProgress });
      const { totalBytes, foundBytes, sentBytes, relayedBytes, elapsedMs } = outcome;
      const arrivedBytes = totalBytes - foundBytes;
      const bytesPerSec = arrivedBytes > 0 && elapsedMs > 0 ? (arrivedBytes / elapsedMs) * 1000 : null;
      const bytes = { doneBytes: totalBytes, foundBytes, sentBytes, relayedBytes, bytesPerSec };
      change(({ progress }) => ({ outcome, progress: { ...progress, ...bytes, state: 'succeeded', remainingSec: 0 } }));
      if (outcome.carrier) {
        const how = { carrier: outcome.carrier.kind, why: outcome.carrier.why, sentBytes, elapsedMs };
        this.#options.log?.info('A model was sent to a node', { modelId: model.id, nodeId, ...how });
      }
    } catch (thrown) {
      const error = describeFailure(this.#options.log, thrown, { doing: 'pushing a model', nodeId });
      const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
      change(({ progress }) => ({ error, progress: { ...progress, state, bytesPerSec: null, remainingSec: null } }));
    }
    context.keep();
  }
}

function nodeOf(testbed: Testbed, nodeId: string): TestbedNode {
  const node = testbed.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new AppError('not-found', `Testbed "${testbed.name}" has no node "${nodeId}".`, 'List the testbed to see its nodes.');
  return node;
}
