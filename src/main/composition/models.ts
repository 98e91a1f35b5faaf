// Models: on record and refined here, sent to nodes, and measured there.
import { join } from 'node:path';
import { readShippedTable, WheelsService } from '../domain/nodes/wheels/wheels-service.js';
import { ModelMemoryService } from '../domain/nodes/model-memory/model-memory-service.js';
import { ModelService } from '../domain/models/model-service.js';
import { weightsMirror } from '../domain/models/weights-mirror.js';
import { ModelPushService } from '../domain/models/push/model-push-service.js';
import { WEIGHTS_PAGE, type WeightsToken } from '../../shared/weights.js';
import type { CredentialService } from '../domain/nodes/access/credential-service.js';
import { AppError } from '../../shared/errors.js';
import { isToken } from '../../shared/api/credential-inputs.js';
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
  { dataDir, paths, storage, jobs, recordEvent, seenSecret, nowMs, log, overrides }: CompositionContext,
  { connector, pusher, credentials, loginSecrets }: NodeAccess,
  { testbeds, describeUse }: { testbeds: TestbedService; describeUse: DescribeUse },
): ModelServices {
  const models = new ModelService({
    models: storage.models,
    isInBin: (id) => storage.historyMarks.isInBin({ kind: 'model', id }),
    jobs,
    worker: new ModelProcess(paths.modelWorkerPath, log),
    weights: {
      page: WEIGHTS_PAGE,
      mirror: () => weightsMirror(process.env),
      token: async () => tokenFrom(process.env, seenSecret) ?? (await loginSecrets.token('hugging-face')),
      describeToken: () => describeToken(process.env, credentials),
      folder: join(dataDir, 'weights'),
      ...overrides.weights,
    },
    newId,
    nowMs,
    recordEvent,
  });
  const modelPushes = new ModelPushService({
    pusher,
    getModel: (id) => models.getUsable(id),
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
    ...overrides.wheels,
    jobs,
  });
  return { models, modelPushes, modelMemory, wheels };
}

/** Whatever is logged from then on leaves it out. */
function tokenFrom(environment: NodeJS.ProcessEnv, seenSecret: (secret: string) => void): string | null {
  const token = environment['HF_TOKEN']?.trim() ?? '';
  if (token === '') return null;
  seenSecret(token);
  if (isToken(token)) return token;
  throw new AppError(
    'invalid-input',
    'The variable HF_TOKEN has a character in it that no token has.',
    'Copy the token again, and start this program with it.',
  );
}

/** As `tokenFrom` and the kept ones would be asked in turn. */
async function describeToken(environment: NodeJS.ProcessEnv, credentials: Pick<CredentialService, 'status'>): Promise<WeightsToken> {
  if (environment['HF_TOKEN']?.trim()) return { source: 'environment' };
  const kept = (await credentials.status()).secrets.find(({ kind, subject }) => kind === 'token' && subject === 'hugging-face');
  if (!kept) return { source: 'none' };
  const { holder, isReadable, storedAtMs } = kept;
  return { source: 'kept', holder, isReadable, storedAtMs };
}

/** As pip's user has set it; one with a login in it is none: addresses are logged. */
function pipIndex(): string | null {
  const url = URL.parse(process.env['PIP_INDEX_URL'] ?? '');
  return url && url.username === '' && url.password === '' ? url.href : null;
}
