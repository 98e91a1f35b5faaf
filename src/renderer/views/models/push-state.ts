// A push of a model in words.
import { JOB_STATUS, type Status } from '../../components/status.js';
import { formatBytes } from '../../../shared/format.js';
import type { PushNode, PushNodeState } from '../../../shared/model-push.js';

export const PUSH_NODE_STATUS: Record<PushNodeState, Status> = {
  queued: JOB_STATUS.queued,
  connecting: { tone: 'busy', label: 'Connecting' },
  checking: { tone: 'busy', label: 'Checking what is there' },
  sending: { tone: 'busy', label: 'Sending' },
  waiting: { tone: 'warning', label: 'Connection lost, retrying' },
  finishing: { tone: 'busy', label: 'Verifying the whole' },
  succeeded: { tone: 'ok', label: 'There' },
  failed: JOB_STATUS.failed,
  cancelled: JOB_STATUS.cancelled,
};

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
