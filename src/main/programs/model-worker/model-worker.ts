// The model process: reads, hashes and writes gigabytes away from the process that answers the window. Ends with its parent and leaves
// nothing half done.
import { AppError } from '../../../shared/errors.js';
import { describeFailureToParent } from '../../adapters/log/report-fault.js';
import { hashModel } from '../../domain/models/hash-model.js';
import type { WorkOptions } from '../../domain/models/hash-model.js';
import { inspectModel } from '../../domain/models/inspect-model.js';
import type { ModelReply, ModelRequest, ModelTask } from './model-messages.js';
import { refineModel } from '../../domain/models/refine-model.js';

const cancelled = new AbortController();
const cancel = (): void => cancelled.abort(new AppError('cancelled', 'The work on the model was cancelled'));

/** Resolves when the parent has it; a parent that is gone waits for nothing. */
function reply(message: ModelReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

async function act(task: ModelTask): Promise<ModelReply> {
  const options: WorkOptions = {
    signal: cancelled.signal,
    nowMs: () => performance.now(),
    onProgress: (progress) => void reply({ kind: 'progress', progress }),
  };
  if (task.kind === 'inspect') return { kind: 'inspected', content: await hashModel(await inspectModel(task.path), options) };
  const report = await refineModel({ ...options, inputPath: task.inputPath, outputPath: task.outputPath, overwrite: task.overwrite });
  // maxRSS is in KiB on every platform.
  return { kind: 'refined', report: { ...report, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 } };
}

process.on('message', (request: ModelRequest) => {
  if (request.kind === 'cancel') {
    cancel();
    return;
  }
  void act(request.task)
    .catch((thrown: unknown): ModelReply => ({ kind: 'failed', error: describeFailureToParent(thrown) }))
    .then(reply)
    .finally(() => {
      if (process.connected) process.disconnect();
    });
});
process.on('disconnect', cancel);
// Ctrl-C reaches the whole group; the parent cancels.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', cancel);
