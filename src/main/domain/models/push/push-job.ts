// What a push is as a job: its detail, how far it is, and where it continues from.
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';
import { type ModelPush, type PushNode, pushNodeSchema } from '../../../../shared/model-push.js';
import { KEEP_ENDED, type JobContext, type JobEnd, type JobKindOptions, type KindJob } from '../../jobs/job-kind.js';

const pushDetailSchema = z.object({ testbedId: z.string(), nodes: z.array(pushNodeSchema) });
export type PushDetail = z.infer<typeof pushDetailSchema>;

export function pushJobs(run: JobKindOptions<PushDetail>['run']): JobKindOptions<PushDetail> {
  return {
    kind: 'model-push',
    idPrefix: 'push',
    doing: 'push',
    detailSchema: pushDetailSchema,
    keepEnded: KEEP_ENDED,
    canPause: false,
    canCancel: true,
    interruptedState: 'paused',
    isResumable: ({ state }) => state !== 'succeeded',
    interrupt: (detail) => ({ ...detail, nodes: detail.nodes.map(interruptedNode) }),
    resumeFrom: ({ detail }) => ({
      ...detail,
      nodes: detail.nodes.map((node) =>
        node.outcome ? node : queuedNode({ id: node.nodeId, name: node.nodeName }, node.progress.totalBytes),
      ),
    }),
    describe({ detail: { nodes } }) {
      const done = nodes.reduce((sum, { progress }) => sum + progress.doneBytes, 0);
      const total = nodes.reduce((sum, { progress }) => sum + progress.totalBytes, 0);
      // The last node to get there is the end of the whole.
      const left = nodes.flatMap(({ outcome, progress }) => (outcome === null ? [progress.remainingSec] : []));
      const known = left.filter((sec) => sec !== null);
      return { progress: { done, total, unit: 'bytes', phase: null }, remainingSec: known.length > 0 ? Math.max(...known) : null };
    },
    run,
    notFound: (id) => new AppError('not-found', `There is no push ${id}`, 'List the jobs to see which there are, or push again.'),
  };
}

export function queuedNode(node: { id: string; name: string }, totalBytes: number): PushNode {
  const progress = { totalBytes, doneBytes: 0, foundBytes: 0, sentBytes: 0, relayedBytes: 0, bytesPerSec: null, remainingSec: null };
  return { nodeId: node.id, nodeName: node.name, progress: { state: 'queued', ...progress }, outcome: null, error: null };
}

export function changeNode(context: JobContext<PushDetail>, nodeId: string, change: (node: PushNode) => Partial<PushNode>): void {
  const nodes = context.detail.nodes.map((node) => (node.nodeId === nodeId ? { ...node, ...change(node) } : node));
  context.change({ ...context.detail, nodes });
}

/** What the nodes make of the whole. */
export function pushEnd({ nodes }: PushDetail, isCanceled: boolean): JobEnd {
  const succeeded = nodes.filter(({ outcome }) => outcome !== null).length;
  const state = succeeded === nodes.length ? 'succeeded' : isCanceled ? 'cancelled' : 'failed';
  return { state, outcome: `on ${succeeded} of ${nodes.length} nodes` };
}

export function toModelPush({ id, subject, state, detail, createdAtMs, finishedAtMs }: KindJob<PushDetail>): ModelPush {
  const { testbedId, nodes } = detail;
  return { id, modelId: subject.id ?? '', modelName: subject.name, testbedId, state, nodes, startedAtMs: createdAtMs, finishedAtMs };
}

function interruptedNode(node: PushNode): PushNode {
  if (node.outcome || node.error) return node;
  return { ...node, progress: { ...node.progress, state: 'cancelled', bytesPerSec: null, remainingSec: null } };
}
