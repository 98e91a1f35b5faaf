// What no scheduler can beat: a lower bound on the time from the first arrival to the end of the last computation.
//
// Node i takes p_i(z) = (fixed_i + z x perStep_i) / speed_i for a task of z steps, one task at a time. Three arguments, each valid for
// every schedule, the greatest counts. Let r be any arrival instant; the tasks that arrive at or after r can't start before r.
//
//   count:    each of these k tasks takes at least what the shortest one takes (z_min), so they end no sooner than r + T(k), T(k) the
//             smallest T with sum_i floor(T / p_i(z_min)) >= k. For equal tasks that are all there at once this is exact.
//   work:     give node i the weight S_i = 1 / p_i(z_mean). In T seconds the nodes do at most T x sum_i S_i of weighted work, and task j
//             costs at least W_j = min_i p_i(z_j) x S_i wherever it runs; so T >= sum_j W_j / sum_i S_i. Where the nodes' time models are
//             proportional (uniform machines) this is sum p / sum s; otherwise it is valid too, but weaker.
//   longest:  a task can't take less than on the node that is fastest for it.
//
// Transmission is left out (it can only add). Jitter is not known in advance: a node of jitter j counts as faster by 1 / (1 - j), the most
// that its draws can give it, so that no run can beat the bound.
import type { NodeTiming } from '../../shared/run.js';

export interface BoundTask {
  arrivalSec: number;
  qualitySteps: number;
}

export interface BoundNode {
  fixedSec: number;
  secPerStep: number;
  speedFactor: number;
  /** Relative spread of the compute time, 0..0.5. */
  jitterFraction?: number;
}

export interface LowerBound {
  /** Seconds from the first arrival. */
  lowerBoundSec: number;
  /** How it was found, in one sentence. */
  rule: string;
}

/** Relative difference below which two time models count as proportional. */
const SHAPE_TOLERANCE = 1e-9;

const timeSec = (node: BoundNode, qualitySteps: number): number =>
  ((node.fixedSec + qualitySteps * node.secPerStep) / node.speedFactor) * (1 - (node.jitterFraction ?? 0));

/** Names the nodes whose speed no one has measured, for which there is no bound; null when there are none. */
export function describeUncalibrated(nodes: readonly Pick<NodeTiming, 'name' | 'timingSource'>[]): string | null {
  const names = nodes.flatMap((node) => (node.timingSource === 'assumed' ? [node.name] : []));
  return names.length === 0 ? null : `Not calibrated: ${names.join(', ')}.`;
}

function areProportional(nodes: readonly BoundNode[]): boolean {
  const first = nodes[0];
  if (!first) return true;
  return nodes.every((node) => {
    const left = node.fixedSec * first.secPerStep;
    const right = node.secPerStep * first.fixedSec;
    return Math.abs(left - right) <= SHAPE_TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
  });
}

/**
 * T(1), T(2), ... for nodes that take `periodsSec` each: the instants at which one more task can be done, in order. Each next one is the
 * smallest of the nodes' next multiples, computed as k x p so that no rounding adds up.
 */
function* completionInstants(periodsSec: readonly number[]): Generator<number, never> {
  const done = periodsSec.map(() => 0);
  for (;;) {
    let soonest = 0;
    let soonestSec = Infinity;
    periodsSec.forEach((periodSec, index) => {
      const nextSec = ((done[index] ?? 0) + 1) * periodSec;
      if (nextSec < soonestSec) [soonest, soonestSec] = [index, nextSec];
    });
    done[soonest] = (done[soonest] ?? 0) + 1;
    yield soonestSec;
  }
}

/** The bound of a batch on a set of nodes; null when there are no tasks or no nodes. O(tasks x nodes). */
export function lowerBound(input: { tasks: readonly BoundTask[]; nodes: readonly BoundNode[] }): LowerBound | null {
  const { nodes } = input;
  if (input.tasks.length === 0 || nodes.length === 0) return null;
  const latestFirst = [...input.tasks].sort((a, b) => b.arrivalSec - a.arrivalSec);
  const firstArrivalSec = latestFirst.at(-1)?.arrivalSec ?? 0;
  const minSteps = latestFirst.reduce((smallest, task) => Math.min(smallest, task.qualitySteps), Infinity);
  const isEqual = latestFirst.every((task) => task.qualitySteps === minSteps);
  const meanSteps = latestFirst.reduce((sum, task) => sum + task.qualitySteps, 0) / latestFirst.length;
  const weights = nodes.map((node) => 1 / timeSec(node, meanSteps));
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const instants = completionInstants(nodes.map((node) => timeSec(node, minSteps)));

  const best = { count: 0, work: 0, longest: 0 };
  let workSum = 0;
  for (const task of latestFirst) {
    const timesSec = nodes.map((node) => timeSec(node, task.qualitySteps));
    workSum += Math.min(...timesSec.map((sec, node) => sec * (weights[node] ?? 0)));
    best.longest = Math.max(best.longest, task.arrivalSec + Math.min(...timesSec));
    const countSec = instants.next().value;
    // Only at the last task of an instant are all that arrive then or later counted; before that the sums are smaller, so still valid.
    best.count = Math.max(best.count, task.arrivalSec + countSec);
    // A node that takes no time at all has infinite weight; then this argument says nothing.
    if (Number.isFinite(weightSum)) best.work = Math.max(best.work, task.arrivalSec + workSum / weightSum);
  }
  return {
    lowerBoundSec: Math.max(best.count, best.work, best.longest) - firstArrivalSec,
    rule: describe(best, isEqual, areProportional(nodes)),
  };
}

function describe(best: { count: number; work: number; longest: number }, isEqual: boolean, isProportional: boolean): string {
  if (best.count >= best.work && best.count >= best.longest) {
    return isEqual
      ? 'Equal tasks: the smallest T with sum of floor(T / p_i) >= N over the nodes, from the arrival that gives most.'
      : 'Number of tasks: the smallest T with sum of floor(T / p_i) >= N, each task taken as short as the shortest.';
  }
  if (best.longest >= best.work) return 'Longest task: its arrival and its time on the node that is fastest for it.';
  return isProportional
    ? 'All work: sum of work / sum of speeds, from the arrival that gives most.'
    : 'All work, weaker because the nodes differ in the shape of their time model: each task weighed where it costs least.';
}
