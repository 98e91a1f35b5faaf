// Image platforms of Table V: what the paper says of each, what was changed since, and rows of one's own.

/** What of a platform can be changed. `delay` is seconds per image where `count` is 1, else the total of so many images. */
export const PLATFORM_FIELDS = ['model', 'delay', 'price'] as const;
export type PlatformField = (typeof PLATFORM_FIELDS)[number];

/** A figure that was put in place of the paper's, or is all there is of a row of one's own. */
export interface PlatformFigure {
  field: PlatformField;
  /** |N| of a delay; 0 for the others. */
  count: number;
  /** Text of a model; seconds, or US dollars per 1,000 images. */
  value: string | number;
  /** Where it comes from, in words or as an address. */
  source: string;
  /** The day it was so, `2026-11-29`. */
  date: string;
  note: string | null;
  /** Epoch ms. */
  changedAtMs: number;
}

/** With what it stands in place of; null in a row of one's own, and where the paper has none. */
export interface PlatformEdit extends PlatformFigure {
  paperValue: string | number | null;
}

export interface Platform {
  /** `paper:...` of the paper's rows. */
  id: string;
  platform: string;
  model: string;
  /** Whether it is a row of one's own. */
  isAddedHere: boolean;
  /** The paper's own system; what others are held against, so it can't be changed. */
  isEdge: boolean;
  /** Total generation delay in seconds of one request at a time, by |N|; those that are not there follow from |N| = 1. */
  delays: { count: number; delaySec: number }[];
  /** US dollars per 1,000 images; 0 is free, null unknown. */
  pricePer1kUsd: number | null;
  /** Of the paper's figures; of a row of one's own, that of its newest figure. */
  source: string;
  edits: PlatformEdit[];
}

/** `Price $70.00 instead of the paper's $65.00 (stability.ai/pricing, 2026-11-29; with tax).` */
export function describeEdit(edit: PlatformEdit): string {
  const value = describeFigure(edit, edit.value);
  const instead = edit.paperValue === null ? '' : ` instead of the paper's ${describeFigure(edit, edit.paperValue)}`;
  const note = edit.note === null ? '' : `; ${edit.note}`;
  return `${nameFigure(edit)} ${value}${instead} (${edit.source}, ${edit.date}${note}).`;
}

/** `Price`, `Delay of one image`, `Delay at |N| = 500`. */
export function nameFigure({ field, count }: Pick<PlatformFigure, 'field' | 'count'>): string {
  if (field === 'model') return 'Model';
  if (field === 'price') return 'Price';
  return count === 1 ? 'Delay of one image' : `Delay at |N| = ${count}`;
}

function describeFigure({ field }: Pick<PlatformFigure, 'field'>, value: string | number): string {
  if (typeof value === 'string') return value;
  return field === 'price' ? `$${value.toFixed(2)}` : `${value.toLocaleString('en', { maximumFractionDigits: 3 })} s`;
}
