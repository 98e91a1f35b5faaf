// Every state of the program as a tone and a word. A tone is a color AND a shape (StatusBadge), so no state is reported by color alone.
import type { JobState } from '../../shared/job.js';
import type { PlannedStart } from '../../shared/planned-start.js';
import type { StepState } from '../../shared/provisioning.js';
import type { RunState, RunSummary, TaskState } from '../../shared/run.js';
import type { ProvisionState } from '../../shared/testbed.js';

export type StatusTone = 'idle' | 'planned' | 'busy' | 'ok' | 'warning' | 'danger' | 'paused' | 'stopped';

export interface Status {
  tone: StatusTone;
  label: string;
}

/** Of a job of any kind, and of its parts. */
export const JOB_STATUS: Record<JobState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  running: { tone: 'busy', label: 'Running' },
  stopping: { tone: 'busy', label: 'Stopping' },
  paused: { tone: 'paused', label: 'Paused' },
  succeeded: { tone: 'ok', label: 'Succeeded' },
  failed: { tone: 'danger', label: 'Failed' },
  cancelled: { tone: 'stopped', label: 'Canceled' },
};

const { cancelled, ...LIFE } = JOB_STATUS;

export const RUN_STATUS: Record<RunState, Status> = { ...LIFE, stopped: { tone: 'stopped', label: 'Stopped' } };

/** Of what waits for a time, or for a person where its time was missed. */
export function statusOfPlannedStart({ isMissed }: PlannedStart): Status {
  return isMissed ? { tone: 'warning', label: 'Missed' } : { tone: 'planned', label: 'Planned' };
}

export function statusOfRun({ state, plannedStart }: Pick<RunSummary, 'state' | 'plannedStart'>): Status {
  return plannedStart ? statusOfPlannedStart(plannedStart) : RUN_STATUS[state];
}

export const TASK_STATUS: Record<TaskState, Status> = {
  pending: { tone: 'idle', label: 'Pending' },
  sent: { tone: 'idle', label: 'Sent' },
  succeeded: LIFE.succeeded,
  failed: LIFE.failed,
  cancelled,
};

/** What provisioning has achieved on a node. */
export const PROVISION_STATUS: Record<ProvisionState, Status> = {
  new: { tone: 'idle', label: 'Not provisioned' },
  provisioning: { tone: 'busy', label: 'Provisioning' },
  ready: { tone: 'ok', label: 'Ready' },
  failed: LIFE.failed,
};

export const STEP_STATUS: Record<StepState, Status> = {
  queued: LIFE.queued,
  running: LIFE.running,
  changed: { tone: 'ok', label: 'Changed' },
  unchanged: { tone: 'ok', label: 'Unchanged' },
  failed: LIFE.failed,
  skipped: { tone: 'stopped', label: 'Skipped' },
  cancelled,
};

const LIFE_TONES = {
  queued: 'busy',
  running: 'busy',
  stopping: 'warning',
  paused: 'warning',
  succeeded: 'ok',
  failed: 'danger',
} as const satisfies Partial<Record<JobState & RunState, StatusTone>>;

/** Of the bar that shows how far a job is. */
export const JOB_TONES = { ...LIFE_TONES, cancelled: 'warning' } as const satisfies Record<JobState, StatusTone>;

/** Of the bar that shows how far a run is. */
export const RUN_TONES = { ...LIFE_TONES, stopped: 'warning' } as const satisfies Record<RunState, StatusTone>;
