// What a calibration is as a job: its detail, how far it is, and where it continues from.
import { z } from 'zod';
import { type CalibratedNode, calibratedNodeSchema, type CalibrationRun } from '../../../../shared/calibration.js';
import { AppError } from '../../../../shared/errors.js';
import { KEEP_ENDED, type JobContext, type JobEnd, type JobKindOptions, type KindJob } from '../../jobs/job-kind.js';

const calibrationDetailSchema = z.object({ imagesPerCount: z.number(), nodes: z.array(calibratedNodeSchema) });
export type CalibrationDetail = z.infer<typeof calibrationDetailSchema>;

type Work = Pick<JobKindOptions<CalibrationDetail>, 'run'> & {
  /** Throws where the testbed can't be calibrated now. */
  requireFree(testbedId: string): void;
};

export function calibrationJobs({ run, requireFree }: Work): JobKindOptions<CalibrationDetail> {
  return {
    kind: 'calibration',
    idPrefix: 'calibration',
    doing: 'calibration',
    detailSchema: calibrationDetailSchema,
    keepEnded: KEEP_ENDED,
    canPause: false,
    canCancel: true,
    interruptedState: 'paused',
    isResumable: ({ state }) => state !== 'succeeded',
    interrupt: (detail) => ({
      ...detail,
      nodes: detail.nodes.map((node) => (node.state === 'running' ? { ...node, state: 'cancelled' } : node)),
    }),
    resumeFrom({ subject, detail }) {
      requireFree(subject.id ?? '');
      return { ...detail, nodes: detail.nodes.map((node) => (node.state === 'succeeded' ? node : startedNode(node, node.imageCount))) };
    },
    describe({ detail: { nodes } }) {
      const done = nodes.reduce((sum, { samples }) => sum + samples.length, 0);
      const total = nodes.reduce((sum, { imageCount }) => sum + imageCount, 0);
      return { progress: { done, total, unit: 'images', phase: null } };
    },
    run,
    notFound: (id) => new AppError('not-found', `There is no calibration ${id}.`, 'List the jobs to see which there are.'),
  };
}

/** A node before its first image. */
export function startedNode({ nodeId, nodeName }: Pick<CalibratedNode, 'nodeId' | 'nodeName'>, imageCount: number): CalibratedNode {
  return { nodeId, nodeName, state: 'running', samples: [], imageCount, calibration: null, error: null };
}

export function changeNode(
  context: JobContext<CalibrationDetail>,
  nodeId: string,
  change: (node: CalibratedNode) => Partial<CalibratedNode>,
): void {
  const nodes = context.detail.nodes.map((node) => (node.nodeId === nodeId ? { ...node, ...change(node) } : node));
  context.change({ ...context.detail, nodes });
}

/** What the nodes make of the whole. */
export function calibrationEnd({ nodes }: CalibrationDetail, isCanceled: boolean): JobEnd {
  const measured = nodes.filter(({ state }) => state === 'succeeded').length;
  const state = isCanceled ? 'cancelled' : measured < nodes.length ? 'failed' : 'succeeded';
  return { state, outcome: `${measured} of ${nodes.length} nodes measured` };
}

export function toCalibrationRun({ id, subject, state, detail, createdAtMs, finishedAtMs }: KindJob<CalibrationDetail>): CalibrationRun {
  return { id, testbedId: subject.id ?? '', state, startedAtMs: createdAtMs, finishedAtMs, nodes: detail.nodes };
}
