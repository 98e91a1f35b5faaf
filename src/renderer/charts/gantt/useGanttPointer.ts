import { useEventListener } from '@vueuse/core';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { GanttLane } from './gantt-data.js';
import { placeOf, type GanttPlace } from './gantt-keys.js';
import { findNearestTask } from './gantt-layout.js';
import type { GanttViewport } from './useGanttView.js';

export interface GanttHover extends GanttPlace {
  /** Of the pointer, px from the left of the plot and the top of the lanes. */
  x: number;
  y: number;
}

interface PointerOptions {
  /** The scroller that lanes and plot lie in. */
  box: Readonly<ShallowRef<HTMLElement | null>>;
  plot: Readonly<ShallowRef<HTMLElement | null>>;
  lanes: () => readonly GanttLane[];
  laneHeightPx: () => number;
  viewport: () => GanttViewport;
  open: (ordinal: number) => void;
}

/** Of a bar, on either side. */
const NEAR_PX = 4;
/** A pointer that moved less has clicked. */
const CLICK_PX = 4;

/** Hovering, clicking, dragging and zooming with the wheel; the task under the pointer. */
export function useGanttPointer({ box, plot, lanes, laneHeightPx, viewport, open }: PointerOptions): ShallowRef<GanttHover | null> {
  const hover = shallowRef<GanttHover | null>(null);
  let drag: { lastX: number; movedPx: number } | null = null;

  const msPerPx = (): number => {
    const { fromMs, toMs } = viewport().view.value;
    return (toMs - fromMs) / Math.max(1, plot.value?.clientWidth ?? 1);
  };

  function locate(event: MouseEvent): { x: number; y: number; atMs: number } | null {
    const area = plot.value?.getBoundingClientRect();
    if (!area) return null;
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    if (x < 0 || x > area.width || y < 0 || y > area.height) return null;
    return { x, y, atMs: viewport().view.value.fromMs + x * msPerPx() };
  }

  function find(event: MouseEvent): GanttHover | null {
    const at = locate(event);
    if (!at) return null;
    const laneIndex = Math.floor(at.y / laneHeightPx());
    const task = findNearestTask(lanes()[laneIndex]?.tasks ?? [], at.atMs);
    if (!task) return null;
    const slackMs = NEAR_PX * msPerPx();
    if (at.atMs < task.startMs - slackMs || at.atMs > task.endMs + slackMs) return null;
    return { laneIndex, ordinal: task.ordinal, x: at.x, y: at.y };
  }

  useEventListener(box, 'pointermove', (event: PointerEvent) => {
    if (drag) {
      const byPx = event.clientX - drag.lastX;
      drag = { lastX: event.clientX, movedPx: drag.movedPx + Math.abs(byPx) };
      if (drag.movedPx > CLICK_PX) viewport().pan(-byPx * msPerPx());
    }
    hover.value = drag && drag.movedPx > CLICK_PX ? null : find(event);
  });
  useEventListener(box, 'pointerleave', () => (hover.value = null));
  useEventListener(box, 'pointerdown', (event: PointerEvent) => {
    if (event.button === 0 && locate(event)) drag = { lastX: event.clientX, movedPx: 0 };
  });
  useEventListener(window, 'pointerup', (event: PointerEvent) => {
    const hasClicked = drag !== null && drag.movedPx <= CLICK_PX;
    drag = null;
    const found = hasClicked ? find(event) : null;
    if (found && placeOf(lanes(), found.ordinal)) open(found.ordinal);
  });
  useEventListener(box, 'dblclick', (event: MouseEvent) => {
    if (locate(event)) viewport().fit();
  });
  // Not passive: with Ctrl the browser would zoom the page.
  useEventListener(
    box,
    'wheel',
    (event: WheelEvent) => {
      const at = event.ctrlKey || event.metaKey ? locate(event) : null;
      if (!at) return;
      event.preventDefault();
      viewport().zoom(event.deltaY > 0 ? 1.25 : 0.8, at.atMs);
    },
    { passive: false },
  );
  onScopeDispose(() => (hover.value = null));
  return hover;
}
