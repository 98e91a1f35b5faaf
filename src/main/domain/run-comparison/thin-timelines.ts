// When nodes were busy, in as many spans as a screen can show.
import { computeNodeTimelines, totalGenerationDelayMs } from '../../../scheduling/metrics/run-metrics.js';
import type { RunTimeline } from '../../../shared/run-comparison.js';
import type { MeasuredTask, NodeTimeline } from '../../../shared/run.js';

/** Gaps below a part of the whole that is narrower than a pixel are closed. */
const PARTS = 1000;

export function thinTimeline(
  { id, nodes }: { id: string; nodes: readonly { id: string; name: string }[] },
  tasks: readonly MeasuredTask[],
): RunTimeline {
  const totalMs = totalGenerationDelayMs(tasks) ?? 0;
  const timelines = computeNodeTimelines(nodes, tasks);
  return {
    ...{ runId: id, totalMs },
    nodes: timelines.map(({ nodeName, utilization, intervals }) => ({
      ...{ name: nodeName, utilization, spans: joinIntervals(intervals, totalMs / PARTS) },
    })),
  };
}

/** `intervals` ascend by their start. */
export function joinIntervals(intervals: readonly Pick<NodeTimeline['intervals'][number], 'startMs' | 'endMs'>[], gapMs: number) {
  const spans: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of intervals) {
    const last = spans.at(-1);
    if (last && startMs - last.endMs <= gapMs) last.endMs = Math.max(last.endMs, endMs);
    else spans.push({ startMs, endMs });
  }
  return spans;
}
