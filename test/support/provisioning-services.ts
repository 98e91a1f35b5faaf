// The testbed bench with provisioning, on the real agent bundle.
import type { StoredModel } from '../../src/main/adapters/storage/model-repository.js';
import type { NodeConnector } from '../../src/main/domain/nodes/access/node-connector.js';
import type { NodeProvision, ProvisioningRun, ProvisionStepName } from '../../src/shared/provisioning.js';
import { openTestbedHarness, type TestbedBenchOptions } from './testbed-harness.js';

export type ProvisioningServices = Awaited<ReturnType<typeof openProvisioningServices>>;

export interface ProvisioningBenchOptions extends TestbedBenchOptions {
  bundlePath: string;
  /** Where node_modules with the packages of Node.js is; this project's when absent. */
  programDir?: string;
  sudoPassword?: string;
  unitTemplatesDir?: string;
  /** Models on record, by their ids, and the built push process; none when absent. */
  models?: { records: ReadonlyMap<string, StoredModel>; pushWorkerPath: string };
  /** Called with each command that was sent to a node. */
  onExec?: (command: string) => void;
}

export async function openProvisioningServices(options: ProvisioningBenchOptions) {
  const { bundlePath, programDir, sudoPassword, unitTemplatesDir, models, onExec, overrides, ...more } = options;
  const services = await openTestbedHarness({
    ...more,
    overrides: {
      wrapConnector: (connector) => hearing(connector, onExec),
      sudoPassword: () => sudoPassword ?? null,
      ...(unitTemplatesDir && { unitTemplatesDir }),
      ...(models && { models: models.records }),
      pushReserveBytes: 0,
      ...overrides,
      paths: {
        agentBundlePath: bundlePath,
        ...(programDir && { programDir }),
        ...(models && { pushWorkerPath: models.pushWorkerPath }),
        ...overrides?.paths,
      },
    },
  });
  const { provisioning } = services.core.services;
  return {
    ...services,
    provisioning,
    /** The run when it has ended. */
    finished: async (run: ProvisioningRun): Promise<ProvisioningRun> => {
      let last = run;
      for await (const state of provisioning.watch(run.id, new AbortController().signal)) last = state;
      return last;
    },
  };
}

/** The connector, whose connections say of each command that it was sent. */
function hearing(connector: NodeConnector, onExec: (command: string) => void = () => undefined): NodeConnector {
  const connect = connector.connect.bind(connector);
  connector.connect = async (...input) => {
    const outcome = await connect(...input);
    if (outcome.kind !== 'connected') return outcome;
    const { connection } = outcome;
    const exec: typeof connection.exec = (command, execOptions) => {
      const result = connection.exec(command, execOptions);
      onExec(command);
      return result;
    };
    return { kind: 'connected', connection: { ...connection, exec } };
  };
  return connector;
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
