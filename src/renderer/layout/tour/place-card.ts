// Where the tour's card is, in px of the window.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
interface Size {
  width: number;
  height: number;
}

/** Between the card and what it points at, and to the window's edges. */
const GAP = 10;
/** The status bar stays readable. */
const BOTTOM = 44;

/** Below the anchor, above where there is no room, never out of the window; in the corner where the anchor is null or scrolled away. */
export function placeCard(anchor: Box | null, card: Size, window: Size): { left: number; top: number; isAnchored: boolean } {
  const lowest = window.height - BOTTOM - card.height;
  const rightmost = window.width - GAP - card.width;
  if (anchor === null || anchor.bottom <= 0 || anchor.top >= window.height - BOTTOM || anchor.right <= anchor.left)
    return { left: Math.max(GAP, rightmost), top: Math.max(GAP, lowest), isAnchored: false };
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - card.height;
  const top = below <= lowest || above < GAP ? Math.min(below, lowest) : above;
  return { left: Math.max(GAP, Math.min(anchor.right - card.width, rightmost)), top: Math.max(GAP, top), isAnchored: true };
}
