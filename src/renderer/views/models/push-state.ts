// A push of a model in words.
import { JOB_STATUS, type Status } from '../../components/status.js';
import { formatDateTime } from '../../format.js';
import { formatBytes } from '../../../shared/format.js';
import { describeCarrier, type PushNode, type PushNodeState, type PushOutcome } from '../../../shared/model-push.js';

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
  if (outcome?.isUnchanged) return describeUnchanged(outcome);
  const differing = outcome?.check?.differingFiles ?? [];
  const { foundBytes, sentBytes, relayedBytes } = outcome ?? progress;
  const parts = [
    ...(differing.length > 0 ? [`${differing.join(', ')} was not as on record and was put right`] : []),
    `${formatBytes(sentBytes)} sent`,
    ...(relayedBytes > 0 ? [`${formatBytes(relayedBytes)} from other nodes`] : []),
    ...(foundBytes > 0 ? [`${formatBytes(foundBytes)} found there`] : []),
  ];
  const rate = outcome && outcome.elapsedMs > 0 ? `, ${formatBytes((outcome.totalBytes / outcome.elapsedMs) * 1000)}/s over all` : '';
  return `${parts.join(', ')}${rate}`;
}

function describeUnchanged({ check }: PushOutcome): string {
  if (check?.extent === 'full') return 'It was there already; every byte was compared.';
  const lastFull = check && check.lastFullAtMs !== null ? ` Every byte: last verified there on ${formatDateTime(check.lastFullAtMs)}.` : '';
  return `It was there already; some blocks were compared.${lastFull}`;
}

/** What carried the bytes, as its own line: the reason may be long. Null where nothing was sent. */
export function describeHow({ outcome }: PushNode): string | null {
  const carrier = describeCarrier(outcome?.carrier ?? null);
  return carrier === null ? null : `Sent ${carrier}`;
}
