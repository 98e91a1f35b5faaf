// Models: on record and refined here, sent to nodes, and measured there.
import { ModelMemoryService } from '../domain/nodes/model-memory/model-memory-service.js';
import { ModelService } from '../domain/models/model-service.js';
import { ModelPushService } from '../domain/models/push/model-push-service.js';
import { newId } from '../foundation/new-id.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import { ModelProcess } from '../programs/model-worker/model-process.js';
import type { DescribeUse, CompositionContext } from './context.js';
import type { NodeAccess } from './node-access.js';

export interface ModelServices {
  models: ModelService;
  modelPushes: ModelPushService;
  modelMemory: ModelMemoryService;
}

/** `describeUse` is asked only after everything has been built. */
export function composeModels(
  { paths, storage, jobs, recordEvent, nowMs, log }: CompositionContext,
  { connector, pusher }: NodeAccess,
  { testbeds, describeUse }: { testbeds: TestbedService; describeUse: DescribeUse },
): ModelServices {
  const models = new ModelService({
    models: storage.models,
    jobs,
    worker: new ModelProcess(paths.modelWorkerPath, log),
    newId,
    nowMs,
    recordEvent,
  });
  const modelPushes = new ModelPushService({
    pusher,
    getModel: (id) => models.get(id),
    getTestbed: (id) => testbeds.get(id),
    jobs,
    recordEvent,
    log,
  });
  const modelMemory = new ModelMemoryService({
    getNode: (id) => storage.testbeds.getNode(id),
    getModel: (id) => storage.models.get(id),
    connector,
    describeUse,
    nowMs,
  });
  return { models, modelPushes, modelMemory };
}
