// What can be moved to the bin: every record of the history, and what the history is made with.
import { HISTORY_KIND_TITLES, HISTORY_KINDS, type HistoryItem } from './history.js';

export const BIN_KINDS = [...HISTORY_KINDS, 'dataset', 'model', 'report', 'testbed'] as const;
export type BinKind = (typeof BIN_KINDS)[number];

export const BIN_KIND_TITLES: Record<BinKind, string> = {
  ...HISTORY_KIND_TITLES,
  dataset: 'Dataset',
  model: 'Model',
  report: 'Report',
  testbed: 'Testbed',
};

/** Names something that is or can be in the bin; ids are unique within their kind. */
export interface BinItem {
  kind: BinKind;
  id: string;
}

/** What the bin shows of a thing in it. */
export interface BinEntry extends BinItem {
  name: string;
  /** How large it is, in what `BIN_UNITS` says of its kind; null where that is not counted. */
  count: number | null;
  /** Of a run, series, provisioning or calibration: its testbed. Of a model: its path. */
  place: string | null;
  /** Of files that go with it when the bin is emptied; rows in the database are not counted. */
  sizeBytes: number;
  /** Since when it is in the bin: wall clock, epoch ms. */
  binnedAtMs: number;
}

/** What the count of an entry is of. */
export const BIN_UNITS: Partial<Record<BinKind, string>> = {
  run: 'task',
  dataset: 'prompt',
  report: 'block',
  testbed: 'node',
};

/** What waits in the bin. */
export interface BinStatus {
  count: number;
  /** Of files that go when it is emptied: images that no other run has, checkpoints, pictures, folders of virtual nodes. */
  sizeBytes: number;
}

/** What emptying the bin came to. */
export interface EmptiedBin {
  removed: number;
  freedBytes: number;
  /** What could not be removed, and why; it stays in the bin. */
  problems: (BinItem & { name: string; message: string })[];
}

/** Whether the history lists this kind too. */
export function isHistoryItem(item: BinItem): item is HistoryItem {
  return (HISTORY_KINDS as readonly BinKind[]).includes(item.kind);
}
