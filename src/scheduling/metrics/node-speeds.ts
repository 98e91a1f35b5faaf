// Whether the nodes of a run were as fast as their record says, and stayed so. A computation is judged by its ratio: how long it took, over
// how long the node's time model says.
import type { NodeTiming, MeasuredTask } from '../../shared/run.js';
import { computeSec } from '../../shared/testbed.js';
import { medianOfSorted } from '../../shared/percentiles.js';

/** Above this ratio (or below its inverse) a node is not the one on record. Warm-up and thermal throttling stay well within it. */
const SPEED_LIMIT = 1.5;
/** A single computation above this multiple of its node's own median is a straggler. */
const STRAGGLER_LIMIT = 2;
/** Computations below which a median says nothing. */
const MIN_COMPUTATIONS = 3;
/** A change is looked for between this many windows at the most, each of so many computations. */
const MAX_WINDOWS = 4;
const COMPUTATIONS_PER_WINDOW = 4;

export interface SpeedFindings {
  /** The run was not one on the nodes on record. */
  reasons: string[];
  limitations: string[];
}

export function checkNodeSpeeds(nodes: readonly NodeTiming[], tasks: readonly MeasuredTask[]): SpeedFindings {
  const reasons: string[] = [];
  const stragglers: { ordinal: number; name: string; ratio: number }[] = [];
  for (const node of nodes) {
    const ratios = ratiosOf(node, tasks);
    const median = medianOf(ratios.map(({ ratio }) => ratio));
    if (median === null || ratios.length < MIN_COMPUTATIONS) continue;
    // Jitter is the node's own setting and no fault of it.
    const allowed = SPEED_LIMIT * (1 + node.jitterFraction);
    const change = findChange(ratios.map(({ ratio }) => ratio));
    if (change !== null && change.factor > allowed) {
      reasons.push(
        `${node.name} changed its speed during the run: ${change.factor.toFixed(1)} times as ${change.word} later as before${causeOf(node)}.`,
      );
    } else if (node.timingSource !== 'assumed' && (median > allowed || median < 1 / allowed)) {
      reasons.push(`${node.name} took ${median.toFixed(1)} times as long as its record says${causeOf(node)}.`);
    } else {
      const limit = STRAGGLER_LIMIT * (1 + node.jitterFraction) * median;
      const slow = ratios.filter(({ ratio }) => ratio > limit);
      stragglers.push(...slow.map(({ ordinal, ratio }) => ({ ordinal, name: node.name, ratio: ratio / median })));
    }
  }
  return { reasons, limitations: describeStragglers(stragglers) };
}

/** By node id, the median of what images took there over what the node's record says; of nodes that made enough of them. */
export function medianSlowness(nodes: readonly NodeTiming[], tasks: readonly MeasuredTask[]): Map<string, number> {
  const byNode = Map.groupBy(tasks, ({ edgeServerId }) => edgeServerId);
  return new Map(
    nodes.flatMap((node) => {
      const ratios = ratiosOf(node, byNode.get(node.id) ?? []).map(({ ratio }) => ratio);
      const median = ratios.length < MIN_COMPUTATIONS ? null : medianOf(ratios);
      return median === null ? [] : [[node.id, median]];
    }),
  );
}

/** A simulated worker has no speed of its own to lose. */
function causeOf({ timingSource }: NodeTiming): string {
  return timingSource === 'setting' ? ' (simulated: this machine held it up, or it has other settings)' : '';
}

/** In the order of their computation. */
function ratiosOf(node: NodeTiming, tasks: readonly MeasuredTask[]): { ordinal: number; ratio: number }[] {
  return tasks
    .flatMap(({ edgeServerId, delays, computeStartMs, computedSteps, ordinal }) => {
      if (edgeServerId !== node.id || delays === null || computeStartMs === null) return [];
      const expectedMs = computeSec(node, computedSteps, node.speedFactor) * 1000;
      if (expectedMs <= 0) return [];
      return [{ ordinal, startMs: computeStartMs, ratio: delays.computeMs / expectedMs }];
    })
    .sort((a, b) => a.startMs - b.startMs || a.ordinal - b.ordinal);
}

/** The largest factor between the medians of an earlier and a later window; null where there are too few computations for two. */
function findChange(ratios: readonly number[]): { factor: number; word: 'slow' | 'fast' } | null {
  const windowCount = Math.min(MAX_WINDOWS, Math.floor(ratios.length / COMPUTATIONS_PER_WINDOW));
  const medians = Array.from({ length: windowCount }, (_, index) => {
    const [from, to] = [index, index + 1].map((boundary) => Math.floor((boundary * ratios.length) / windowCount));
    return medianOf(ratios.slice(from, to)) ?? 1;
  });
  let largest: { factor: number; word: 'slow' | 'fast' } | null = null;
  medians.forEach((later, index) => {
    for (const earlier of medians.slice(0, index)) {
      const isSlower = later >= earlier;
      const factor = isSlower ? later / earlier : earlier / later;
      if (Number.isFinite(factor) && factor > (largest?.factor ?? 0)) largest = { factor, word: isSlower ? 'slow' : 'fast' };
    }
  });
  return largest;
}

function describeStragglers(stragglers: { ordinal: number; name: string; ratio: number }[]): string[] {
  const [longest] = [...stragglers].sort((a, b) => b.ratio - a.ratio);
  if (!longest) return [];
  const many = stragglers.length === 1 ? '1 task took' : `${stragglers.length} tasks took`;
  const which = `task ${longest.ordinal + 1} on ${longest.name}, ${longest.ratio.toFixed(1)} times`;
  return [`${many} more than ${STRAGGLER_LIMIT} times as long as others of its size on its node (longest: ${which}).`];
}

function medianOf(values: readonly number[]): number | null {
  return medianOfSorted(Float64Array.from(values).sort());
}
