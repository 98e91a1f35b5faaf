import { computed, shallowRef, type ComputedRef, type Ref } from 'vue';
import { panView, revealSpan, zoomView, type GanttView } from './gantt-view.js';

export interface GanttViewport {
  view: ComputedRef<GanttView>;
  /** Where the view ends when all is shown. */
  limitMs: ComputedRef<number>;
  /** Whether the newest stays in view as time passes. */
  isFollowing: Ref<boolean>;
  /** Model ms that are shown; null for all. */
  spanMs: ComputedRef<number | null>;
  setSpan: (spanMs: number | null) => void;
  /** About the middle, or the newest while it follows. */
  zoom: (factor: number, atMs?: number) => void;
  pan: (byMs: number) => void;
  reveal: (span: GanttView) => void;
  moveTo: (fromMs: number) => void;
  fit: () => void;
}

/** Room after the newest, as a share of what is shown. */
const AHEAD = 0.03;

/** What of the time up to `endMs`, which may grow, is shown. At first all of it. */
export function useGanttView(endMs: () => number): GanttViewport {
  const isFollowing = shallowRef(true);
  const span = shallowRef<number | null>(null);
  const fromMs = shallowRef(0);
  const limitMs = computed(() => Math.max(1, endMs() * (1 + AHEAD)));

  const view = computed<GanttView>(() => {
    if (span.value === null || span.value >= limitMs.value) return { fromMs: 0, toMs: limitMs.value };
    const start = isFollowing.value ? endMs() - span.value * (1 - AHEAD) : fromMs.value;
    const kept = Math.max(0, Math.min(start, limitMs.value - span.value));
    return { fromMs: kept, toMs: kept + span.value };
  });

  function show({ fromMs: start, toMs }: GanttView): void {
    const isAll = start <= 0 && toMs >= limitMs.value;
    span.value = isAll ? null : toMs - start;
    fromMs.value = start;
  }
  return {
    view,
    limitMs,
    isFollowing,
    spanMs: computed(() => span.value),
    setSpan: (spanMs) => {
      fromMs.value = view.value.toMs - (spanMs ?? 0);
      span.value = spanMs;
    },
    zoom(factor, atMs) {
      const middleMs = isFollowing.value ? endMs() : (view.value.fromMs + view.value.toMs) / 2;
      show(zoomView(view.value, factor, atMs ?? middleMs, limitMs.value));
    },
    pan(byMs) {
      const next = panView(view.value, byMs, limitMs.value);
      // Whoever moves into the past wants to stay there.
      isFollowing.value = next.toMs >= endMs();
      show(next);
    },
    reveal(requested) {
      const next = revealSpan(view.value, requested, limitMs.value);
      if (next === view.value) return;
      isFollowing.value = next.toMs >= endMs();
      show(next);
    },
    moveTo(start) {
      const spanMs = view.value.toMs - view.value.fromMs;
      const next = panView({ fromMs: 0, toMs: spanMs }, start, limitMs.value);
      isFollowing.value = next.toMs >= endMs();
      show(next);
    },
    fit() {
      span.value = null;
    },
  };
}
