// What a report of a run is made of; builders take this and nothing else, so the same data gives the same bytes.
import { describeScheduler, type NodeTimeline, type RunSummary, type TaskRecord } from '../../../../shared/run.js';
import type { RunPrediction } from '../../../../shared/twin.js';
import type { NodeSnapshot } from '../../runs/run-store.js';

export interface RunReportData {
  run: RunSummary;
  /** The program that made the run. */
  programVersion: string;
  nodes: readonly NodeSnapshot[];
  /** In ordinal order. */
  tasks: readonly TaskRecord[];
  timelines: readonly NodeTimeline[];
  /** What the twin says of it; absent where that was not asked, or can't be told. */
  prediction?: RunPrediction | undefined;
}

/** The node's name in the run, or its id where the run does not know it. */
export function nameNodes(nodes: readonly NodeSnapshot[]): (id: string | null) => string | null {
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  return (id) => (id === null ? null : (names.get(id) ?? id));
}

/** As it is called, but for runs of series that an earlier version named by the word of a command: those get the scheduler's title. */
export function nameRun({ spec, series }: Pick<RunSummary, 'spec' | 'series'>): string {
  const counted = `|N| = ${spec.taskCount}, `;
  const title = describeScheduler(spec.scheduler).title;
  const old = `: ${spec.scheduler}, ${counted}${series?.repetition}`;
  if (series === null || !spec.name.endsWith(old)) return spec.name;
  return `${spec.name.slice(0, -old.length)}: ${title}, ${counted}repetition ${series.repetition}`;
}
