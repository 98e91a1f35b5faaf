// A push of a model in words.
import type { Status } from '../../components/status.js';
import { formatBytes, formatDuration } from '../../format.js';
import type { ModelPush, PushNode, PushNodeState, PushProgress } from '../../../shared/model-push.js';

export const PUSH_STATUS: Record<ModelPush['state'], Status> = {
  running: { tone: 'busy', label: 'Running' },
  succeeded: { tone: 'ok', label: 'Succeeded' },
  failed: { tone: 'danger', label: 'Failed' },
  cancelled: { tone: 'stopped', label: 'Cancelled' },
};

export const PUSH_NODE_STATUS: Record<PushNodeState, Status> = {
  queued: { tone: 'idle', label: 'Queued' },
  connecting: { tone: 'busy', label: 'Connecting' },
  checking: { tone: 'busy', label: 'Checking what is there' },
  sending: { tone: 'busy', label: 'Sending' },
  waiting: { tone: 'warning', label: 'Line lost, tries again' },
  finishing: { tone: 'busy', label: 'Verifying the whole' },
  succeeded: { tone: 'ok', label: 'There' },
  failed: { tone: 'danger', label: 'Failed' },
  cancelled: { tone: 'stopped', label: 'Cancelled' },
};

/** Rate and rest while it runs; null when there is nothing to say. */
export function describePushRate({ bytesPerSec, remainingSec }: PushProgress): string | null {
  if (bytesPerSec === null) return null;
  const rate = `${formatBytes(bytesPerSec)}/s`;
  return remainingSec === null ? rate : `${rate}, about ${formatDuration(remainingSec * 1000)} left`;
}

/** Where the bytes came from. */
export function describePushed({ progress, outcome }: PushNode): string {
  if (outcome?.isUnchanged) return 'It was there already.';
  const { foundBytes, sentBytes, relayedBytes } = outcome ?? progress;
  const parts = [
    `${formatBytes(sentBytes)} sent`,
    ...(relayedBytes > 0 ? [`${formatBytes(relayedBytes)} from other nodes`] : []),
    ...(foundBytes > 0 ? [`${formatBytes(foundBytes)} found there`] : []),
  ];
  const rate = outcome && outcome.elapsedMs > 0 ? `, ${formatBytes((outcome.totalBytes / outcome.elapsedMs) * 1000)}/s over all` : '';
  return `${parts.join(', ')}${rate}`;
}
