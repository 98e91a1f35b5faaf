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
