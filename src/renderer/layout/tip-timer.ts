// When a tooltip opens and closes: after a pause over its anchor, at once from one anchor to the next, and not again over what was pressed.

const OPEN_AFTER_MS = 400;
/** So long after one has closed the next opens at once. */
const NEXT_WITHIN_MS = 300;
/** The way of a pointer from the anchor into the tip, to read or copy it. */
const CLOSE_AFTER_MS = 150;

export interface TipTimer<Anchor> {
  /** The pointer is over this anchor, or over none. */
  restOn(anchor: Anchor | null): void;
  /** The pointer is over the tip itself. */
  stay(): void;
  /** The keyboard is at this anchor, or at none. */
  openAt(anchor: Anchor | null): void;
  /** This anchor, or something else, was pressed: what that does is more than any tip, until the pointer has left. */
  press(anchor: Anchor | null): void;
  close(): void;
}

/** `show` is called with the anchor whose tip is to be seen from now on, null for none, each time that changes. */
export function createTipTimer<Anchor>(show: (anchor: Anchor | null) => void): TipTimer<Anchor> {
  let shown: Anchor | null = null;
  let waitingFor: Anchor | null = null;
  let pressed: Anchor | null = null;
  let closedAtMs = -Infinity;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  function change(anchor: Anchor | null): void {
    stopWaiting();
    if (anchor === shown) return;
    if (anchor === null) closedAtMs = performance.now();
    shown = anchor;
    show(anchor);
  }

  function stopWaiting(): void {
    clearTimeout(timeout);
    waitingFor = null;
  }

  return {
    restOn(anchor) {
      if (anchor !== pressed) pressed = null;
      if (anchor === null || anchor === pressed) {
        stopWaiting();
        if (shown !== null) timeout = setTimeout(() => change(null), CLOSE_AFTER_MS);
      } else if (anchor === shown) stopWaiting();
      else if (anchor !== waitingFor) {
        const isNext = shown !== null || performance.now() - closedAtMs < NEXT_WITHIN_MS;
        if (isNext) {
          change(anchor);
          return;
        }
        stopWaiting();
        waitingFor = anchor;
        timeout = setTimeout(() => change(anchor), OPEN_AFTER_MS);
      }
    },
    stay: stopWaiting,
    openAt: change,
    press(anchor) {
      pressed = anchor;
      change(null);
      closedAtMs = -Infinity;
    },
    close: () => change(null),
  };
}
