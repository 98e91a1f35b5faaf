// Whatever has a name, found by words of it: for the window's palette and the terminal.
export const NAMED_KINDS = ['testbed', 'node', 'run', 'series', 'training', 'study', 'dataset', 'model', 'report', 'tag'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

export const NAMED_KIND_TITLES: Record<NamedKind, string> = {
  testbed: 'Testbed',
  node: 'Node',
  run: 'Run',
  series: 'Series',
  training: 'Training',
  study: 'Study',
  dataset: 'Dataset',
  model: 'Model',
  report: 'Report',
  tag: 'Tag',
};

export interface FoundName {
  kind: NamedKind;
  /** Of a tag the tag itself. */
  id: string;
  name: string;
  /** What it belongs to, by name: a node's and a run's testbed; null where there is no such thing. */
  of: { id: string; name: string } | null;
  /** When it was made, or for a report changed: wall clock, epoch ms. Null of tags. */
  atMs: number | null;
}
