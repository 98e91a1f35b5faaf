// Models: on record and refined here, sent to nodes, and measured there.
import { ModelMemoryServiceImpl } from '../domain/nodes/model-memory/model-memory-service.js';
import { ModelServiceImpl } from '../domain/models/model-service.js';
import { ModelPushServiceImpl } from '../domain/models/push/model-push-service.js';
import { newId } from '../foundation/new-id.js';
import type { TestbedServiceImpl } from '../domain/nodes/testbed/testbed-service.js';
import type { DescribeUse, Ground } from './ground.js';
import type { NodeAccess } from './node-access.js';

export interface ModelParts {
  models: ModelServiceImpl;
  modelPushes: ModelPushServiceImpl;
  modelMemory: ModelMemoryServiceImpl;
}

/** `describeUse` is asked only after everything has been built. */
export function composeModels(
  { paths, storage, recordEvent, nowMs, log }: Ground,
  { connector, pusher }: NodeAccess,
  { testbeds, describeUse }: { testbeds: TestbedServiceImpl; describeUse: DescribeUse },
): ModelParts {
  const models = new ModelServiceImpl({ models: storage.models, workerPath: paths.modelWorkerPath, newId, nowMs, recordEvent, log });
  const modelPushes = new ModelPushServiceImpl({
    pusher,
    getModel: (id) => models.get(id),
    getTestbed: (id) => testbeds.get(id),
    newId,
    nowMs,
    recordEvent,
    log,
  });
  const modelMemory = new ModelMemoryServiceImpl({
    getNode: (id) => storage.testbeds.getNode(id),
    getModel: (id) => storage.models.get(id),
    connector,
    describeUse,
    nowMs,
  });
  return { models, modelPushes, modelMemory };
}
