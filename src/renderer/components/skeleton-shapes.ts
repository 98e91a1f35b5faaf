// About where things will be on a page that is loading, from top to bottom.

export interface SkeletonRow {
  heightPx: number;
  /** Side by side, by how they share the width. */
  parts: readonly number[];
  /** Words and controls without a box around them. */
  isBare?: boolean;
  /** One below the other where the page is narrow. */
  isStacking?: boolean;
}

const bare = (...parts: number[]): SkeletonRow => ({ heightPx: 30, parts, isBare: true });
const boxes = (heightPx: number, ...parts: number[]): SkeletonRow => ({ heightPx, parts });
const stacking = (heightPx: number, ...parts: number[]): SkeletonRow => ({ heightPx, parts, isStacking: true });

export const SKELETON_SHAPES = {
  overview: [stacking(180, 3, 2), boxes(160, 1), stacking(200, 3, 2)],
  /** Figures, tabs, a picture over time and three panels. */
  board: [boxes(76, 1), bare(2, 3), boxes(320, 1), boxes(180, 1, 1, 1)],
  cards: [bare(2, 3), boxes(150, 1, 1, 1, 1), boxes(150, 1, 1, 1, 1)],
  charts: [boxes(76, 1), boxes(300, 1, 1), boxes(180, 1)],
  /** Boxes of facts. */
  panels: [boxes(150, 1), boxes(220, 1, 1), boxes(150, 1)],
  table: [bare(2, 3), boxes(420, 1)],
  /** A list beside what it is of. */
  outline: [boxes(480, 1, 3)],
  tiles: [boxes(150, 1, 1, 1, 1, 1, 1), boxes(150, 1, 1, 1, 1, 1, 1)],
} as const satisfies Record<string, readonly SkeletonRow[]>;

export type SkeletonShape = keyof typeof SKELETON_SHAPES;
