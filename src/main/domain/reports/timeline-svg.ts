// When each node computed, as a drawing: one lane a node, one bar a task.
import type { NodeTimeline } from '../../../shared/run.js';
import { formatPercent, formatSeconds } from '../../../shared/format.js';
import type { Html } from './html.js';
import { html } from './html.js';

const WIDTH_PX = 1000;
const LABEL_PX = 170;
const LANE_PX = 26;
const AXIS_PX = 24;
/** Above this many bars, neighbours that would touch are drawn as one, so that the file stays small. */
const MAX_BARS = 2000;

type Interval = { startMs: number; endMs: number };

/** Joins intervals whose gap is smaller than `gapMs`. They must be in order. */
function joinIntervals(intervals: readonly Interval[], gapMs: number): Interval[] {
  const joined: Interval[] = [];
  for (const { startMs, endMs } of intervals) {
    const last = joined.at(-1);
    if (last && startMs - last.endMs < gapMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/** `totalMs` is the whole width. */
export function timelineSvg(timelines: readonly NodeTimeline[], totalMs: number): Html {
  const heightPx = timelines.length * LANE_PX + AXIS_PX;
  const toPx = (ms: number): number => (ms / totalMs) * (WIDTH_PX - LABEL_PX);
  const barCount = timelines.reduce((sum, timeline) => sum + timeline.intervals.length, 0);
  const gapMs = barCount > MAX_BARS ? totalMs / (WIDTH_PX - LABEL_PX) : 0;
  const lanes = timelines.map((timeline, lane) => {
    const y = lane * LANE_PX;
    const bars = joinIntervals(timeline.intervals, gapMs).map(({ startMs, endMs }) => {
      const widthPx = Math.max(0.5, toPx(endMs - startMs) - (gapMs > 0 ? 0 : 0.6));
      return html`<rect
        x="${(LABEL_PX + toPx(startMs)).toFixed(2)}"
        y="${y + 4}"
        width="${widthPx.toFixed(2)}"
        height="${LANE_PX - 8}"
        fill="var(--bar)"
      />`;
    });
    const label = timeline.nodeName.length > 14 ? `${timeline.nodeName.slice(0, 13)}…` : timeline.nodeName;
    return html`<g
      ><title>${timeline.nodeName}: ${timeline.executed} tasks, busy ${formatPercent(timeline.utilization)}</title
      ><text x="0" y="${y + 17}">${label} (${formatPercent(timeline.utilization)})</text>${bars}</g
    >`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const anchor = part === 1 ? 'end' : part === 0 ? 'start' : 'middle';
    return html`<text x="${(LABEL_PX + part * (WIDTH_PX - LABEL_PX)).toFixed(1)}" y="${heightPx - 6}" text-anchor="${anchor}"
      >${formatSeconds(totalMs * part)}</text
    >`;
  });
  return html`<svg viewBox="0 0 ${WIDTH_PX} ${heightPx}" role="img" aria-label="When each node computed">${lanes}${ticks}</svg>`;
}
