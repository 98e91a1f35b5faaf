// From what the core measured to what the charts draw; pure.
import type { ChartSeries } from '../../../shared/chart-description.js';
import type { TimelineRow } from '../../../shared/timeline-layout.js';
import type { NodeDelays, NodeTimeline, TaskDelays } from '../../../shared/run.js';

/** What a service delay is the sum of, in the order a task goes through it. */
export const DELAY_PARTS: readonly [part: keyof TaskDelays, name: string][] = [
  ['uploadMs', 'Upload'],
  ['waitingMs', 'Waiting'],
  ['computeMs', 'Compute'],
  ['downloadMs', 'Download'],
  ['resendMs', 'Re-sending'],
  ['controlMs', 'Control'],
];

/** One series a part of the delay, one value a node, in seconds. */
export function toDelaySeries(delays: readonly NodeDelays[]): ChartSeries[] {
  return DELAY_PARTS.map(([part, name]) => ({ name, values: delays.map(({ mean }) => (mean === null ? null : mean[part] / 1000)) }));
}

export function toTimelineRows(timelines: readonly NodeTimeline[]): TimelineRow[] {
  return timelines.map(({ nodeName, intervals, utilization }) => ({ label: nodeName, intervals, utilization }));
}

/** Where the time axis ends, model ms: the last computation, or the last result where it came later. */
export function timelineEndMs(timelines: readonly NodeTimeline[], totalMs: number | null): number {
  let endMs = totalMs ?? 0;
  for (const { intervals } of timelines) for (const interval of intervals) if (interval.endMs > endMs) endMs = interval.endMs;
  return endMs;
}
