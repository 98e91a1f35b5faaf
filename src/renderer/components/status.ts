// Every state of the program as a tone and a word. A tone is a colour AND a shape (StatusBadge), so no state is told by colour alone.
import type { NodeProvisionState, ProvisioningRun, StepState } from '../../shared/provisioning.js';
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

/** Of work that runs once to its end: a provisioning and its nodes, work on models, a push. */
export const JOB_STATUS: Record<ProvisioningRun['state'] | NodeProvisionState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  running: { tone: 'busy', label: 'Running' },
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
