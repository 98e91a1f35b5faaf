// Zoom and place of a picture in a stage; pure. The picture's center is `x`, `y` px away from the stage's.

export interface Zoom {
  /** Screen px for a px of the picture; `fit` shows all of it, never larger than it is unless it is tiny. */
  scale: number | 'fit';
  x: number;
  y: number;
}

export const FIT: Zoom = { scale: 'fit', x: 0, y: 0 };
const MIN_SCALE = 0.05;
const MAX_SCALE = 16;
/** Of one step of the wheel or of a key. */
export const ZOOM_STEP = 1.25;
/** A thumbnail-sized picture is enlarged up to this to fill a large screen. */
const MAX_FIT = 4;

export interface Size {
  widthPx: number;
  heightPx: number;
}

export function fitScale(picture: Size, stage: Size): number {
  if (stage.widthPx <= 0 || stage.heightPx <= 0) return 1;
  return Math.min(stage.widthPx / picture.widthPx, stage.heightPx / picture.heightPx, MAX_FIT);
}

export function scaleOf(zoom: Zoom, picture: Size, stage: Size): number {
  return zoom.scale === 'fit' ? fitScale(picture, stage) : zoom.scale;
}

/** Larger or smaller by a factor; the point of the picture under `at` (px from the stage's center) stays there. */
export function zoomBy(
  zoom: Zoom,
  factor: number,
  { picture, stage, at = { x: 0, y: 0 } }: { picture: Size; stage: Size; at?: { x: number; y: number } },
): Zoom {
  const before = scaleOf(zoom, picture, stage);
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, before * factor));
  const growth = scale / before;
  return keepSeen({ scale, x: at.x - (at.x - zoom.x) * growth, y: at.y - (at.y - zoom.y) * growth }, picture, stage);
}

export function panBy(zoom: Zoom, dx: number, dy: number, picture: Size, stage: Size): Zoom {
  return zoom.scale === 'fit' ? zoom : keepSeen({ ...zoom, x: zoom.x + dx, y: zoom.y + dy }, picture, stage);
}

/** No edge of a picture that is larger than the stage comes inside it; one that is smaller stays in the middle. */
function keepSeen(zoom: Zoom, picture: Size, stage: Size): Zoom {
  const scale = scaleOf(zoom, picture, stage);
  const clamp = (value: number, size: number, room: number): number => {
    const slack = Math.max(0, (size * scale - room) / 2);
    return Math.min(slack, Math.max(-slack, value));
  };
  return { scale: zoom.scale, x: clamp(zoom.x, picture.widthPx, stage.widthPx), y: clamp(zoom.y, picture.heightPx, stage.heightPx) };
}
