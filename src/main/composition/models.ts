// Models: on record and refined here, sent to nodes, and measured there.
import { join } from 'node:path';
import { readShippedTable, WheelsService } from '../domain/nodes/wheels/wheels-service.js';
import { ModelMemoryService } from '../domain/nodes/model-memory/model-memory-service.js';
import { ModelService } from '../domain/models/model-service.js';
import { ModelPushService } from '../domain/models/push/model-push-service.js';
import { WEIGHTS_PAGE } from '../../shared/weights.js';
import { newId } from '../foundation/new-id.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import { ModelProcess } from '../programs/model-worker/model-process.js';
import type { DescribeUse, CompositionContext } from './context.js';
import type { NodeAccess } from './node-access.js';

export interface ModelServices {
  models: ModelService;
  modelPushes: ModelPushService;
  modelMemory: ModelMemoryService;
  wheels: WheelsService;
}

/** `describeUse` is asked only after everything has been built. */
export function composeModels(
  { dataDir, paths, storage, jobs, recordEvent, seenSecret, nowMs, log }: CompositionContext,
  { connector, pusher }: NodeAccess,
  { testbeds, describeUse }: { testbeds: TestbedService; describeUse: DescribeUse },
): ModelServices {
  const models = new ModelService({
    models: storage.models,
    jobs,
    worker: new ModelProcess(paths.modelWorkerPath, log),
    weights: { page: WEIGHTS_PAGE, token: () => tokenFrom(process.env, seenSecret) },
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
    comparisons: storage.memory,
    describeUse,
    nowMs,
  });
  const wheels = new WheelsService({
    readTable: readShippedTable(paths.resourcesDir),
    wheelsDir: join(dataDir, 'wheels'),
    userIndex: pipIndex,
    jobs,
  });
  return { models, modelPushes, modelMemory, wheels };
}

/** Whatever is logged from then on leaves it out. */
function tokenFrom(environment: NodeJS.ProcessEnv, seenSecret: (secret: string) => void): string | null {
  const token = environment['HF_TOKEN']?.trim() ?? '';
  if (token !== '') seenSecret(token);
  return token || null;
}

/** As pip's user has set it; one with a login in it is none: addresses are logged. */
function pipIndex(): string | null {
  const url = URL.parse(process.env['PIP_INDEX_URL'] ?? '');
  return url && url.username === '' && url.password === '' ? url.href : null;
}
