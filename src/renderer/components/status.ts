// Every state of the program as a tone and a word. A tone is a colour AND a shape (StatusBadge), so no state is told by colour alone.
import type { JobState } from '../../shared/job.js';
import type { StepState } from '../../shared/provisioning.js';
import type { RunState, TaskState } from '../../shared/run.js';
import type { ProvisionState } from '../../shared/testbed.js';

export type StatusTone = 'idle' | 'busy' | 'ok' | 'warning' | 'danger' | 'paused' | 'stopped';

export interface Status {
  tone: StatusTone;
  label: string;
}

export const RUN_STATUS: Record<RunState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  running: { tone: 'busy', label: 'Running' },
  paused: { tone: 'paused', label: 'Paused' },
  stopping: { tone: 'busy', label: 'Stopping' },
  stopped: { tone: 'stopped', label: 'Stopped' },
  succeeded: { tone: 'ok', label: 'Succeeded' },
  failed: { tone: 'danger', label: 'Failed' },
};

export const TASK_STATUS: Record<TaskState, Status> = {
  pending: { tone: 'idle', label: 'Pending' },
  sent: { tone: 'busy', label: 'Sent' },
  succeeded: { tone: 'ok', label: 'Succeeded' },
  failed: { tone: 'danger', label: 'Failed' },
  cancelled: { tone: 'stopped', label: 'Cancelled' },
};

/** What provisioning has achieved on a node. */
export const PROVISION_STATUS: Record<ProvisionState, Status> = {
  new: { tone: 'idle', label: 'Not provisioned' },
  provisioning: { tone: 'busy', label: 'Provisioning' },
  ready: { tone: 'ok', label: 'Ready' },
  failed: { tone: 'danger', label: 'Failed' },
};

/** Of a job of any kind, and of its parts. */
export const JOB_STATUS: Record<JobState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  running: { tone: 'busy', label: 'Running' },
  stopping: { tone: 'busy', label: 'Stopping' },
  paused: { tone: 'paused', label: 'Paused' },
  succeeded: { tone: 'ok', label: 'Succeeded' },
  failed: { tone: 'danger', label: 'Failed' },
  cancelled: { tone: 'stopped', label: 'Cancelled' },
};

export const STEP_STATUS: Record<StepState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  running: { tone: 'busy', label: 'Running' },
  changed: { tone: 'ok', label: 'Changed' },
  unchanged: { tone: 'ok', label: 'Unchanged' },
  failed: { tone: 'danger', label: 'Failed' },
  skipped: { tone: 'stopped', label: 'Skipped' },
  cancelled: { tone: 'stopped', label: 'Cancelled' },
};

/** Of the bar that shows how far a job is. */
export const JOB_TONES = {
  queued: 'busy',
  running: 'busy',
  stopping: 'warning',
  paused: 'warning',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'warning',
} as const satisfies Record<JobState, StatusTone>;
