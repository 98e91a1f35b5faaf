// The figures of a run, from its tasks. Model time throughout.
import type { HostDelay, NodeDelays, NodeTimeline, NodeTiming, RunMetrics, TaskDelays, MeasuredTask } from '../../shared/run.js';
import { summarizeDelays } from './delay-summary.js';
import { describeUncalibrated } from './lower-bound.js';
import { computeMachineShare } from './machine-share.js';

/**
 * Total generation delay (Table V): last result accepted minus first submission. The first submission is taken as the earliest PLANNED
 * arrival, so that a late start counts against the run. Null until a result is there.
 */
export function totalGenerationDelayMs(tasks: readonly MeasuredTask[]): number | null {
  let firstMs = Infinity;
  let lastMs = -Infinity;
  for (const task of tasks) {
    firstMs = Math.min(firstMs, task.arrivalMs);
    if (task.acceptedMs !== null) lastMs = Math.max(lastMs, task.acceptedMs);
  }
  return lastMs === -Infinity ? null : lastMs - firstMs;
}

export interface MeasuredRunRecord {
  lowerBoundMs: number | null;
  lowerBoundRule: string | null;
  timeScale: number;
  hostDelay: HostDelay | null;
  nodesSnapshot: readonly Pick<NodeTiming, 'name' | 'timingSource'>[];
}

/** Above 1 by more than this an efficiency is no rounding. */
const EFFICIENCY_TOLERANCE = 1e-6;
const TOO_FAST = 'Above 100 %: the nodes were faster than their record, so the bound is wrong. Calibrate them again.';

/** The efficiency stays null until every task has succeeded: the bound is for all of them. */
export function computeRunMetrics(run: MeasuredRunRecord, tasks: readonly MeasuredTask[]): RunMetrics {
  const delays = tasks.flatMap((task) => (task.state === 'succeeded' && task.delays ? [task.delays] : []));
  const totalMs = totalGenerationDelayMs(tasks);
  const isWhole = tasks.length > 0 && delays.length === tasks.length;
  // Earlier versions stored a bound from the paper's device for nodes that no one had measured.
  const uncalibrated = describeUncalibrated(run.nodesSnapshot);
  const lowerBoundMs = uncalibrated === null ? run.lowerBoundMs : null;
  const ratio = isWhole && totalMs !== null && totalMs > 0 && lowerBoundMs !== null ? lowerBoundMs / totalMs : null;
  const isTooFast = ratio !== null && ratio > 1 + EFFICIENCY_TOLERANCE;
  return {
    totalGenerationDelayMs: totalMs,
    service: summarizeDelays(delays.map((delay) => delay.serviceMs)),
    waiting: summarizeDelays(delays.map((delay) => delay.waitingMs)),
    control: summarizeDelays(delays.map((delay) => delay.controlMs)),
    lowerBoundMs,
    lowerBoundRule: uncalibrated === null ? run.lowerBoundRule : null,
    efficiency: isTooFast ? null : ratio,
    efficiencyProblem: uncalibrated ?? (isTooFast ? TOO_FAST : null),
    machine: computeMachineShare(delays, run.timeScale, run.hostDelay),
  };
}

/** When each node computed what, from the run's start; a node that did nothing has an empty timeline. Nodes in the given order. */
export function computeNodeTimelines(nodes: readonly { id: string; name: string }[], tasks: readonly MeasuredTask[]): NodeTimeline[] {
  const totalMs = totalGenerationDelayMs(tasks);
  const intervalsByNode = new Map<string, NodeTimeline['intervals']>(nodes.map((node) => [node.id, []]));
  for (const { edgeServerId, computeStartMs, computeEndMs, ordinal } of tasks) {
    if (edgeServerId === null || computeStartMs === null || computeEndMs === null) continue;
    intervalsByNode.get(edgeServerId)?.push({ startMs: computeStartMs, endMs: computeEndMs, taskOrdinal: ordinal });
  }
  return nodes.map((node) => {
    const intervals = (intervalsByNode.get(node.id) ?? []).sort((a, b) => a.startMs - b.startMs || a.taskOrdinal - b.taskOrdinal);
    const busyMs = intervals.reduce((sum, interval) => sum + (interval.endMs - interval.startMs), 0);
    const utilization = totalMs !== null && totalMs > 0 ? Math.min(1, busyMs / totalMs) : 0;
    return { nodeId: node.id, nodeName: node.name, executed: intervals.length, busyMs, utilization, intervals };
  });
}

/** Mean delays of what each node executed; nodes in the given order. */
export function computeNodeDelays(nodes: readonly { id: string; name: string }[], tasks: readonly MeasuredTask[]): NodeDelays[] {
  const delaysByNode = new Map<string, TaskDelays[]>(nodes.map((node) => [node.id, []]));
  for (const { edgeServerId, state, delays } of tasks) {
    if (edgeServerId !== null && state === 'succeeded' && delays) delaysByNode.get(edgeServerId)?.push(delays);
  }
  return nodes.map((node) => {
    const delays = delaysByNode.get(node.id) ?? [];
    return { nodeId: node.id, nodeName: node.name, executed: delays.length, mean: meanDelays(delays) };
  });
}

function meanDelays(delays: readonly TaskDelays[]): TaskDelays | null {
  if (delays.length === 0) return null;
  const mean = (part: keyof TaskDelays): number => delays.reduce((sum, delay) => sum + delay[part], 0) / delays.length;
  return {
    uploadMs: mean('uploadMs'),
    waitingMs: mean('waitingMs'),
    computeMs: mean('computeMs'),
    downloadMs: mean('downloadMs'),
    resendMs: mean('resendMs'),
    controlMs: mean('controlMs'),
    serviceMs: mean('serviceMs'),
  };
}
