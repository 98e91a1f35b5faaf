// The testbed bench with provisioning, on the real agent bundle.
import { join, resolve } from 'node:path';
import { pushWorkerStarter } from '../../src/main/programs/push-worker/push-process.js';
import { ModelPusher } from '../../src/main/domain/models/push/model-pusher.js';
import { NodeConnector } from '../../src/main/domain/nodes/access/node-connector.js';
import { readAgentBundle } from '../../src/main/domain/nodes/provisioning/agent-bundle.js';
import { NodeRuntimes } from '../../src/main/domain/nodes/provisioning/node-runtimes.js';
import { ProvisioningService } from '../../src/main/domain/nodes/provisioning/provisioning-service.js';
import { FactsHistoryRepository } from '../../src/main/adapters/storage/facts-history-repository.js';
import type { StoredModel } from '../../src/main/adapters/storage/model-repository.js';
import { JobRepository } from '../../src/main/adapters/storage/job-repository.js';
import { ProvisioningRepository } from '../../src/main/adapters/storage/provisioning-repository.js';
import { WantedStateRepository } from '../../src/main/adapters/storage/wanted-state-repository.js';
import type { NodeProvision, ProvisioningRun, ProvisionStepName } from '../../src/shared/provisioning.js';
import { makeJobEngine } from './job-fixtures.js';
import { openTestbedBench } from './testbed-bench.js';

export type ProvisioningBench = Awaited<ReturnType<typeof openProvisioningBench>>;

export async function openProvisioningBench(options: {
  hostEntryPath: string;
  bundlePath: string;
  dataDir?: string;
  knownHostsPaths?: readonly string[];
  /** Where node_modules with the packages of Node.js is; this project's when absent. */
  programDir?: string;
  sudoPassword?: string;
  unitTemplatesDir?: string;
  /** Models on record, by their ids, and the built push process; none when absent. */
  models?: { records: ReadonlyMap<string, StoredModel>; pushWorkerPath: string };
  /** Called after each command that was sent to a node. */
  onExec?: () => void;
}) {
  const bench = await openTestbedBench(options);
  const connector = new NodeConnector({
    hostKeys: bench.hostKeys,
    programPrivateKey: () => bench.programKey.privateKeyPem,
    agentSocketPath: () => null,
    secrets: bench.secrets,
  });
  const connect = connector.connect.bind(connector);
  connector.connect = async (...input) => {
    const outcome = await connect(...input);
    if (outcome.kind !== 'connected') return outcome;
    const { connection } = outcome;
    const exec: typeof connection.exec = (command, execOptions) => {
      const result = connection.exec(command, execOptions);
      options.onExec?.();
      return result;
    };
    return { kind: 'connected', connection: { ...connection, exec } };
  };
  const pusher = options.models
    ? new ModelPusher({
        startWorker: pushWorkerStarter(options.models.pushWorkerPath),
        connector,
        identities: bench.identities,
        reserveBytes: 0,
      })
    : null;
  const jobs = makeJobEngine({ store: new JobRepository(bench.database), nowMs: bench.nowMs });
  const provisioning = new ProvisioningService({
    jobs,
    runs: new ProvisioningRepository(bench.database),
    testbeds: bench.testbeds,
    wantedStates: new WantedStateRepository(bench.database),
    hasModel: (id) => options.models?.records.has(id) ?? false,
    describeUse: () => null,
    factsHistory: new FactsHistoryRepository(bench.database),
    tools: {
      connector,
      identities: bench.identities,
      listNodeIds: (testbedId) => bench.service.get(testbedId).nodes.map(({ id }) => id),
      loadBundle: () => readAgentBundle(options.bundlePath),
      runtimes: new NodeRuntimes({
        programDir: options.programDir ?? resolve(import.meta.dirname, '../..'),
        shippedDir: join(bench.dataDir, 'no-runtimes-shipped'),
        cacheDir: join(bench.dataDir, 'runtimes'),
        pinsPath: resolve(import.meta.dirname, '../../resources/runtimes.json'),
      }),
      unitTemplatesDir: options.unitTemplatesDir ?? resolve(import.meta.dirname, '../../resources/systemd'),
      models: {
        find: (id) => options.models?.records.get(id) ?? null,
        push: (push) => pusher?.push(push) ?? Promise.reject(new Error('This bench has no models')),
      },
      worker: {
        filesDir: resolve(import.meta.dirname, '../../resources/worker'),
        settingsDir: join(bench.dataDir, 'worker-config'),
        wheelsDir: join(bench.dataDir, 'wheels'),
      },
      secrets: { sudoPassword: () => options.sudoPassword ?? null },
      nowMs: bench.nowMs,
    },
    changes: bench.changes,
    recordEvent: (event) => bench.events.push(event.message),
  });
  const close = async (): Promise<void> => {
    await jobs.close();
    await pusher?.close();
    await bench.close();
  };
  return {
    ...bench,
    jobs,
    provisioning,
    connector,
    pusher,
    close,
    /** The run when it has ended. */
    finished: async (run: ProvisioningRun): Promise<ProvisioningRun> => {
      let last = run;
      for await (const state of provisioning.watch(run.id, new AbortController().signal)) last = state;
      return last;
    },
    remove: async () => {
      await jobs.close();
      await pusher?.close();
      await bench.remove();
    },
  };
}

/** `connect=unchanged facts=changed ...`, for a whole comparison in one line. */
export function stepStates(node: NodeProvision | undefined): string {
  return node?.steps.map((step) => `${step.name}=${step.state}`).join(' ') ?? '';
}

export function stepOf(node: NodeProvision | undefined, name: ProvisionStepName) {
  const step = node?.steps.find((candidate) => candidate.name === name);
  if (!step) throw new Error(`No step ${name}`);
  return step;
}
