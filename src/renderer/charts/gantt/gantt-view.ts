// Which stretch of time a Gantt chart shows, and how zooming and panning change it; pure.

export interface GanttView {
  fromMs: number;
  toMs: number;
}

/** A shorter stretch shows nothing more. */
const MIN_SPAN_MS = 500;

/** Keeps the instant `atMs` where it is on the screen; a factor below 1 shows less. Stays within 0 and `endMs`. */
export function zoomView(view: GanttView, factor: number, atMs: number, endMs: number): GanttView {
  const oldSpanMs = view.toMs - view.fromMs;
  const spanMs = Math.min(Math.max(oldSpanMs * factor, MIN_SPAN_MS), Math.max(endMs, MIN_SPAN_MS));
  return keepWithin(atMs - ((atMs - view.fromMs) / oldSpanMs) * spanMs, spanMs, endMs);
}

/** Later by `byMs`, earlier where that is negative. */
export function panView(view: GanttView, byMs: number, endMs: number): GanttView {
  return keepWithin(view.fromMs + byMs, view.toMs - view.fromMs, endMs);
}

/** The least move that brings a stretch into view, or the view itself; a longer one is shown from its start. */
export function revealSpan(view: GanttView, { fromMs, toMs }: GanttView, endMs: number): GanttView {
  if (fromMs >= view.fromMs && toMs <= view.toMs) return view;
  const spanMs = view.toMs - view.fromMs;
  const isLonger = toMs - fromMs > spanMs;
  return keepWithin(fromMs < view.fromMs || isLonger ? fromMs - 0.05 * spanMs : toMs - 0.95 * spanMs, spanMs, endMs);
}

function keepWithin(fromMs: number, spanMs: number, endMs: number): GanttView {
  const startMs = Math.max(0, Math.min(fromMs, Math.max(endMs, MIN_SPAN_MS) - spanMs));
  return { fromMs: startMs, toMs: startMs + spanMs };
}
