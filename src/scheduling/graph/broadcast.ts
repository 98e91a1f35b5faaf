// Broadcasting as in ONNX (and NumPy): shapes are aligned at their last axes, and an axis of size 1 stretches.

import type { Shape } from './graph.js';

/** The shape of an elementwise result; null where the shapes do not fit together. */
export function broadcastShapes(left: Shape, right: Shape): Shape | null {
  const rank = Math.max(left.length, right.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const leftSize = left[axis - rank + left.length] ?? 1;
    const rightSize = right[axis - rank + right.length] ?? 1;
    if (leftSize !== rightSize && leftSize !== 1 && rightSize !== 1) return null;
    result.push(leftSize === 1 ? rightSize : leftSize);
  }
  return result;
}

/** The axes of `wide` along which `narrow` was stretched to reach it, counted in `wide`. */
export function stretchedAxes(narrow: Shape, wide: Shape): number[] {
  const missing = wide.length - narrow.length;
  return wide.flatMap((size, axis) => (axis < missing || (narrow[axis - missing] === 1 && size !== 1) ? [axis] : []));
}
