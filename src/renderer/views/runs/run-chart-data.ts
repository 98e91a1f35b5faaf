// From what the core measured to what the charts draw; pure.
import type { ChartSeries, DelayPart } from '../../../shared/chart-description.js';
import type { NodeDelays, TaskDelays } from '../../../shared/run.js';

/** What a service delay is the sum of, in the order a task goes through it. */
export const DELAY_PARTS = [
  ['uploadMs', 'Upload', 'upload'],
  ['waitingMs', 'Waiting', 'waiting'],
  ['computeMs', 'Compute', 'compute'],
  ['downloadMs', 'Download', 'download'],
  ['resendMs', 'Re-sending', 'resend'],
  ['controlMs', 'Control', 'control'],
] as const satisfies readonly [key: keyof TaskDelays, name: string, part: DelayPart][];

/** One series a part of the delay, one value a node, in seconds. */
export function toDelaySeries(delays: readonly NodeDelays[]): ChartSeries[] {
  return DELAY_PARTS.map(([key, name, part]) => ({
    name,
    part,
    values: delays.map(({ mean }) => (mean === null ? null : mean[key] / 1000)),
  }));
}
