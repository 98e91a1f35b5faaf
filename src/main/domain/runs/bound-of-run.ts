// What is known beforehand of the nodes of a run, and what no scheduler can beat on them. Pure.
import { describeUncalibrated, lowerBound } from '../../../scheduling/metrics/lower-bound.js';
import { nodesInUse } from '../../../shared/node-use.js';
import { type Testbed, type TestbedNode, timingOf } from '../../../shared/testbed.js';
import type { TimingSource } from '../../../shared/run.js';
import type { NewTask, NodeSnapshot, StoredRun } from './run-store.js';

export type RunBound = Pick<StoredRun, 'lowerBoundMs' | 'lowerBoundRule'> & {
  /** Why there is none. */
  boundProblem: string | null;
};

/** No bound where a node's speed was never measured: the paper's device stands in for it there, and it may be any other. */
export function boundOf(tasks: readonly Pick<NewTask, 'arrivalMs' | 'computedSteps'>[], nodes: readonly NodeSnapshot[]): RunBound {
  const boundProblem = describeUncalibrated(nodes);
  if (boundProblem !== null) return { lowerBoundMs: null, lowerBoundRule: null, boundProblem };
  const arriving = tasks.map((task) => ({ arrivalSec: task.arrivalMs / 1000, qualitySteps: task.computedSteps }));
  const bound = lowerBound({ tasks: arriving, nodes });
  return { lowerBoundMs: bound === null ? null : bound.lowerBoundSec * 1000, lowerBoundRule: bound?.rule ?? null, boundProblem };
}

/** What the nodes that a run uses were when it started; kept with the run so that its figures can be made again. */
export function snapshotNodes(testbed: Testbed, isSimulated: (node: TestbedNode) => boolean): NodeSnapshot[] {
  return nodesInUse(testbed).map((node) => {
    const { timeModel, speedFactor } = timingOf(node);
    return {
      id: node.id,
      name: node.name,
      ordinal: node.ordinal,
      ...timeModel,
      speedFactor,
      linkMbps: node.virtual?.linkMbps ?? null,
      agentVersion: node.agentVersion,
      facts: node.facts,
      worker: isSimulated(node) ? null : node.worker,
      jitterFraction: node.virtual?.jitterFraction ?? 0,
      timingSource: timingSourceOf(node, isSimulated(node)),
      ...(node.heldLimit != null && { heldLimit: node.heldLimit }),
    };
  });
}

/** A simulated worker takes the time it is told, also on a real node: then the record is its setting. */
function timingSourceOf({ virtual, calibration }: TestbedNode, isSimulated: boolean): TimingSource {
  if (virtual || isSimulated) return 'setting';
  return calibration ? 'calibration' : 'assumed';
}
