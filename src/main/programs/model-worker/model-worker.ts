// The model process: reads, hashes and writes gigabytes away from the process that answers the window. Ends with its parent and leaves
// nothing half done.
import { describeFailureToParent } from '../../adapters/log/report-internal-error.js';
import { hashModel } from '../../domain/models/hash-model.js';
import type { WorkOptions } from '../../domain/models/hash-model.js';
import { inspectModel } from '../../domain/models/inspect-model.js';
import { serveOneTask } from '../child/serve-one-task.js';
import type { ModelReply, ModelTask } from '../../domain/models/model-worker-messages.js';
import { refineModel } from '../../domain/models/refine-model.js';

type Answer = Exclude<ModelReply, { kind: 'progress' | 'failed' }>;

async function act(task: ModelTask, work: Pick<WorkOptions, 'signal' | 'onProgress'>): Promise<Answer> {
  const options: WorkOptions = { ...work, nowMs: () => performance.now() };
  if (task.kind === 'inspect') return { kind: 'inspected', content: await hashModel(await inspectModel(task.path), options) };
  const report = await refineModel({ ...options, inputPath: task.inputPath, outputPath: task.outputPath, overwrite: task.overwrite });
  // maxRSS is in KiB on every platform.
  return { kind: 'refined', report: { ...report, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 } };
}

serveOneTask({ subject: 'model', act, describeFailure: describeFailureToParent });
