// The program on a data folder of its own, without a shell: what a test opens to work with testbeds and the ways to their nodes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProgramKey } from '../../src/main/adapters/secrets/program-key.js';
import { assembleCore, type CoreOptions } from '../../src/main/composition/core.js';
import type { CoreOverrides } from '../../src/main/composition/overrides.js';
import type { CreateVirtualTestbedInput } from '../../src/shared/api/inputs.js';
import { createVirtualTestbedInput } from '../../src/shared/api/inputs.js';

export type TestbedHarness = Awaited<ReturnType<typeof openTestbedHarness>>;

export interface TestbedBenchOptions extends Pick<CoreOptions, 'systemProtection' | 'askSecret'>, Partial<Pick<CoreOptions, 'activity'>> {
  hostEntryPath: string;
  /** A new folder when absent. */
  dataDir?: string;
  overrides?: CoreOverrides;
}

/** Opens the data folder as a start of the program does, without booting anything. */
export async function openTestbedHarness({ hostEntryPath, overrides, ...options }: TestbedBenchOptions) {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dedgeai-testbed-')));
  const problems: string[] = [];
  const events: string[] = [];
  const { core, context, access, virtualNodes, monitor } = await assembleCore({
    ...options,
    ...{ dataDir, shell: 'cli', access: 'exclusive', activity: options.activity ?? 'none' },
    overrides: {
      // A test never asks the files of anyone who runs it.
      knownHostsPaths: [],
      sshConfigPath: join(dataDir, 'ssh_config'),
      agentSocketPath: () => null,
      onEvent: ({ kind, message }) => (kind === 'virtual-node-problem' ? problems : events).push(message),
      ...overrides,
      paths: { virtualTestbedHostPath: hostEntryPath, ...overrides?.paths },
    },
  });
  const { storage } = context;
  return {
    core,
    dataDir,
    nodesDir: join(dataDir, 'virtual-nodes'),
    database: storage.database,
    storage,
    testbeds: storage.testbeds,
    hostKeyRecords: storage.hostKeys,
    programKey: loadProgramKey(context.secretFiles),
    credentials: access.credentials,
    secrets: access.loginSecrets,
    identities: access.identities,
    connector: access.connector,
    pusher: access.pusher,
    hostKeys: access.hostKeys,
    jobs: context.jobs,
    changes: context.changes,
    problems,
    events,
    virtualNodes,
    monitor,
    service: core.services.testbeds,
    nowMs: context.nowMs,
    /** Ends the program; the data folder stays. */
    close: () => core.close(),
    remove: async () => {
      await core.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The input of a virtual testbed with its defaults. */
export function virtualTestbed(change: Partial<CreateVirtualTestbedInput> = {}): CreateVirtualTestbedInput {
  return createVirtualTestbedInput.parse(change);
}
