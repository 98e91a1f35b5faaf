// What the program is doing now that a person would not want cut off by a closed window.

export const ACTIVITY_KINDS = ['run', 'training', 'study', 'provisioning', 'model-push', 'calibration', 'model-job'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export interface Activity {
  kind: ActivityKind;
  id: string;
  name: string;
  /** Of the unit: tasks, episodes, cells, nodes, bytes or images. */
  done: number;
  total: number;
  unit: 'tasks' | 'episodes' | 'cells' | 'nodes' | 'bytes' | 'images';
  /** `waiting` has not begun, `pausing` ends what is under way and then stands still. */
  state: 'going' | 'waiting' | 'pausing';
  /** Whether it can stand still and go on later; what cannot is cancelled by a pause of everything. */
  canPause: boolean;
}

export type SettleHow = 'pause' | 'stop';

export interface Settled {
  /** What was still going when the time was up; empty when everything stands still. */
  left: Activity[];
}
