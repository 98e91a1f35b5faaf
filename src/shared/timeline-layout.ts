// Where busy intervals fall on a timeline of a given width; pure, so that the drawing stays trivial.

export interface TimelineRow {
  label: string;
  /** Busy intervals in model ms after the start, in any order. */
  intervals: readonly { startMs: number; endMs: number }[];
  utilization: number;
}

export interface TimelineBar {
  x: number;
  width: number;
}

/** Bars in px of one row; intervals that would share a pixel are joined, so 10,000 tasks cost no more than the width. */
export function layOutBars(intervals: TimelineRow['intervals'], totalMs: number, widthPx: number): TimelineBar[] {
  if (totalMs <= 0 || widthPx <= 0) return [];
  const scale = widthPx / totalMs;
  const bars: TimelineBar[] = [];
  for (const { startMs, endMs } of [...intervals].sort((left, right) => left.startMs - right.startMs)) {
    const x = startMs * scale;
    const end = Math.max(endMs * scale, x + 0.5);
    const last = bars.at(-1);
    // A gap narrower than half a pixel can't be seen; a wider one is kept so that single tasks stay visible.
    if (last && x - (last.x + last.width) < 0.5 && end - x < 3) last.width = Math.max(last.width, end - last.x);
    else bars.push({ x, width: end - x });
  }
  return bars;
}

/** Round tick distance in ms that gives about `targetTicks` ticks over the total. */
export function pickTickMs(totalMs: number, targetTicks: number): number {
  const raw = Math.max(totalMs, 1) / Math.max(targetTicks, 1);
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10;
  return step * magnitude;
}

const SEC = 1000;
const MIN = 60 * SEC;
const HOUR = 60 * MIN;
/** Distances that are round in the units that durations are written in. */
const DURATION_TICKS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((sec) => sec * SEC),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * MIN),
  ...[1, 2, 3, 6, 12, 24, 48, 96].map((hours) => hours * HOUR),
];

/** As `pickTickMs`, for an axis whose figures are durations: 5 min, not 300 s or 8 min 20 s. */
export function pickDurationTickMs(totalMs: number, targetTicks: number): number {
  const raw = Math.max(totalMs, 1) / Math.max(targetTicks, 1);
  return DURATION_TICKS.find((tickMs) => tickMs >= raw) ?? pickTickMs(totalMs, targetTicks);
}
