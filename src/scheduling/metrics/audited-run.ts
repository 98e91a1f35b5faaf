import type { NodeTiming, RunSpec } from '../../shared/run.js';

/** What an audit has to know of a run besides its rows. */
export interface AuditedRun {
  id: string;
  spec: Pick<RunSpec, 'taskCount' | 'queueOrder'>;
  timeScale: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Wall-clock ms that its clock stood still. */
  clockStoppedMs: number;
  lowerBoundMs: number | null;
  axis: 'run' | 'nodes';
  nodesSnapshot: readonly NodeTiming[];
}
