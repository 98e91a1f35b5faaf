// The push process: gigabytes over SSH, encrypted away from the process that answers the window. Pushes one model to the nodes that it is
// told of; ends with its parent, and leaves on the nodes what the next push takes up.
import { AppError } from '../../../shared/errors.js';
import { describeFailureToParent } from '../../adapters/log/report-internal-error.js';
import { ModelWork } from '../../domain/models/push/model-work.js';
import type { PushReply, PushRequest, PushTarget } from '../../domain/models/push/push-worker-messages.js';
import { PushMeter } from '../../domain/models/push/push-meter.js';
import { pushToNode } from '../../domain/models/push/push-to-node.js';

const running = new Map<string, AbortController>();
let work: ModelWork | null = null;

const nowMs = (): number => performance.now();

function reply(message: PushReply): void {
  if (process.connected) process.send?.(message, () => undefined);
}

async function push(target: PushTarget): Promise<void> {
  if (!work) throw new Error('The push process was given a node before a model');
  const { nodeId } = target;
  const cancelling = new AbortController();
  running.set(nodeId, cancelling);
  work.addTarget(target);
  const meter = new PushMeter({
    totalBytes: work.model.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    nowMs,
    report: (progress) => reply({ kind: 'progress', nodeId, progress }),
  });
  try {
    reply({ kind: 'pushed', nodeId, outcome: await pushToNode({ work, target, meter, signal: cancelling.signal, nowMs }) });
  } catch (thrown) {
    const error = cancelling.signal.aborted ? new AppError('cancelled', `The push to node "${target.nodeName}" was canceled.`) : thrown;
    reply({ kind: 'failed', nodeId, error: describeFailureToParent(error) });
  } finally {
    running.delete(nodeId);
  }
}

function cancelAll(): void {
  for (const cancelling of running.values()) cancelling.abort();
}

process.on('message', (request: PushRequest) => {
  switch (request.kind) {
    case 'start':
      work = new ModelWork(request.work);
      break;
    case 'add':
      void push(request.target);
      break;
    case 'cancel':
      running.get(request.nodeId)?.abort();
      break;
    case 'end':
      void work?.close().then(() => process.disconnect());
      break;
  }
});
process.on('disconnect', () => {
  cancelAll();
  // Nothing that is left is worth waiting for: what is on the nodes is found again.
  process.exit(0);
});
// Ctrl-C reaches the whole group; the parent cancels.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', cancelAll);
