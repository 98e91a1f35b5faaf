// A core of the testbed domain on a real database, real files and real virtual nodes, in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualTestbedHost } from '../../src/main/programs/virtual-nodes/virtual-testbed-host.js';
import type { CreateVirtualTestbedInput } from '../../src/shared/api/inputs.js';
import { createVirtualTestbedInput } from '../../src/shared/api/inputs.js';
import { ChangeTopic } from '../../src/main/foundation/live/change-topic.js';
import { CredentialService } from '../../src/main/domain/nodes/access/credential-service.js';
import { type AskSecret, LoginSecrets } from '../../src/main/domain/nodes/access/login-secrets.js';
import { loadProgramKey } from '../../src/main/adapters/secrets/program-key.js';
import { SecretFiles } from '../../src/main/adapters/secrets/secret-files.js';
import { SystemStore } from '../../src/main/adapters/secrets/system-store.js';
import type { SystemProtection } from '../../src/shared/core-process-messages.js';
import { TestbedIdentities } from '../../src/main/adapters/secrets/testbed-identities.js';
import { Vault } from '../../src/main/adapters/secrets/vault.js';
import { OpenSshConfig } from '../../src/main/adapters/ssh/openssh-config.js';
import { CredentialRepository } from '../../src/main/adapters/storage/credential-repository.js';
import { HostKeyRepository } from '../../src/main/adapters/storage/host-key-repository.js';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../src/main/adapters/storage/testbed-repository.js';
import { HostKeys } from '../../src/main/domain/nodes/access/host-keys.js';
import { TestbedService } from '../../src/main/domain/nodes/testbed/testbed-service.js';
import { VirtualNodes } from '../../src/main/domain/nodes/testbed/virtual-nodes.js';

export type TestbedBench = Awaited<ReturnType<typeof openTestbedBench>>;

/** Opens the data folder `dataDir` (a new one when absent), as a start of the program does; without booting anything. */
export async function openTestbedBench(options: {
  hostEntryPath: string;
  dataDir?: string;
  describeUse?: () => string | null;
  /** None when absent: a test never asks the files of whoever runs it. */
  knownHostsPaths?: readonly string[];
  systemProtection?: SystemProtection;
  askSecret?: AskSecret;
}) {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dedgeai-testbed-')));
  const nowMs = (): number => Date.now();
  const database = openDatabase({ dataDir, nowMs: nowMs() });
  const testbeds = new TestbedRepository(database);
  const hostKeyRecords = new HostKeyRepository(database);
  const files = new SecretFiles(join(dataDir, 'secrets'));
  const programKey = loadProgramKey(files);
  const identities = new TestbedIdentities({ files, nowMs });
  const changes = new ChangeTopic();
  const problems: string[] = [];
  const events: string[] = [];
  const nodesDir = join(dataDir, 'virtual-nodes');
  const virtualNodes = new VirtualNodes({
    createHost: (listeners) =>
      new VirtualTestbedHost({
        entryPath: options.hostEntryPath,
        nodesDir,
        isBehindWindow: false,
        authorizedKey: () => programKey.publicKeyLine,
        ...listeners,
      }),
    testbeds,
    hostKeys: hostKeyRecords,
    changes,
    nowMs,
    onProblem: (message) => problems.push(message),
  });
  const credentials = new CredentialService({
    records: new CredentialRepository(database),
    vault: new Vault(files),
    system: new SystemStore(files, options.systemProtection ?? null),
    testbeds,
    recordEvent: (event) => events.push(event.message),
    nowMs,
  });
  const secrets = new LoginSecrets({ credentials, getNode: (id) => testbeds.getNode(id), ask: options.askSecret ?? null });
  const service = new TestbedService({
    testbeds,
    virtualNodes,
    identities,
    live: { snapshot: () => [], onChange: () => () => undefined },
    untilRosterTaken: () => Promise.resolve([]),
    sshConfig: new OpenSshConfig({ configPath: join(dataDir, 'ssh_config') }),
    forgetSecrets: (nodeId) => credentials.forgetNode(nodeId),
    changes,
    describeUse: options.describeUse ?? (() => null),
    recordEvent: (event) => events.push(event.message),
    nowMs,
  });
  const hostKeys = new HostKeys({
    hostKeys: hostKeyRecords,
    testbeds,
    knownHostsPaths: options.knownHostsPaths ?? [],
    nowMs,
  });
  /** Ends the program; the data folder stays. */
  const close = async (): Promise<void> => {
    await virtualNodes.close();
    database.close();
  };
  return {
    dataDir,
    nodesDir,
    database,
    testbeds,
    hostKeyRecords,
    programKey,
    credentials,
    secrets,
    identities,
    changes,
    problems,
    events,
    virtualNodes,
    service,
    hostKeys,
    nowMs,
    close,
    remove: async () => {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The input of a virtual testbed with its defaults. */
export function virtualTestbed(change: Partial<CreateVirtualTestbedInput> = {}): CreateVirtualTestbedInput {
  return createVirtualTestbedInput.parse(change);
}
