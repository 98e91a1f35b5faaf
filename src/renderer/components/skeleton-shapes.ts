// About where things will be on a page that is loading, from top to bottom.

/** What stands side by side with others: its share of the width, or its width, with the heights of boxes below each other where it is no single one. */
export type SkeletonPart = number | { share?: number; widthPx?: number; heightsPx: readonly number[] };

export interface SkeletonRow {
  /** Of each part that has no heights of its own. */
  heightPx: number;
  parts: readonly SkeletonPart[];
  /** Words and controls without a box around them. */
  isBare?: boolean;
  /** One below the other where the page is narrow. */
  isStacking?: boolean;
}

/** Of the words that the title of what is loading has below it. */
const under = (heightPx: number, ...parts: number[]): SkeletonRow => ({ heightPx, parts, isBare: true });
const bare = (...parts: number[]): SkeletonRow => under(30, ...parts);
const boxes = (heightPx: number, ...parts: number[]): SkeletonRow => ({ heightPx, parts });
const stacking = (heightPx: number, ...parts: number[]): SkeletonRow => ({ heightPx, parts, isStacking: true });

export const SKELETON_SHAPES = {
  overview: [stacking(180, 3, 2), boxes(160, 1), stacking(200, 3, 2)],
  /** Figures, tabs, a picture over time and three panels. */
  board: [boxes(76, 1), bare(2, 3), boxes(320, 1), boxes(180, 1, 1, 1)],
  cards: [bare(2, 3), boxes(150, 1, 1, 1, 1), boxes(150, 1, 1, 1, 1)],
  /** State and marks under the title, progress with its figures, curves over episodes. */
  training: [under(50, 2, 3), boxes(184, 1), boxes(560, 1)],
  /** The same with progress alone. */
  study: [under(50, 2, 3), boxes(112, 1), boxes(560, 1)],
  /** What the model is, its parts over its files, and the facts beside them. */
  model: [
    under(8, 1),
    {
      heightPx: 0,
      parts: [
        { share: 1, heightsPx: [300, 104] },
        { widthPx: 320, heightsPx: [640] },
      ],
    },
  ],
  /** Of Settings: the data folder, its backups, archives. */
  data: [boxes(168, 1), boxes(82, 1), boxes(260, 1)],
  /** Of Settings: key store, vault, what is kept. */
  secrets: [boxes(84, 1), boxes(104, 1), boxes(84, 1)],
  table: [bare(2, 3), boxes(420, 1)],
  /** A list beside what it is of. */
  outline: [boxes(480, 1, 3)],
  tiles: [boxes(150, 1, 1, 1, 1, 1, 1), boxes(150, 1, 1, 1, 1, 1, 1)],
} as const satisfies Record<string, readonly SkeletonRow[]>;

export type SkeletonShape = keyof typeof SKELETON_SHAPES;
