// The ways to the nodes: whom the program believes, what it logs in with, and the connections made of both.
import type { SystemProtection } from '../../shared/core-process-messages.js';
import { ModelPusher } from '../domain/models/push/model-pusher.js';
import { NodeAuthorizer } from '../domain/nodes/access/node-authorizer.js';
import { RouteRenewal } from '../domain/nodes/access/route-renewal.js';
import { NodeConnector } from '../domain/nodes/access/node-connector.js';
import { CredentialService } from '../domain/nodes/access/credential-service.js';
import { type AskSecret, LoginSecrets } from '../domain/nodes/access/login-secrets.js';
import { loadProgramKey } from '../adapters/secrets/program-key.js';
import { SystemStore } from '../adapters/secrets/system-store.js';
import { TokenRecords } from '../adapters/secrets/token-records.js';
import { TestbedIdentities } from '../adapters/secrets/testbed-identities.js';
import { Vault } from '../adapters/secrets/vault.js';
import { OpenSshConfig } from '../adapters/ssh/openssh-config.js';
import { findOpenSsh } from '../adapters/ssh/find-openssh.js';
import { defaultKnownHostsPaths } from '../adapters/ssh/known-hosts-files.js';
import { SecretRecords } from '../domain/nodes/access/secret-records.js';
import { HostKeys } from '../domain/nodes/access/host-keys.js';
import { pushWorkerStarter } from '../programs/push-worker/push-process.js';
import type { CompositionContext } from './context.js';

/** What the shell brings for secrets; null where it has none. */
export interface ShellSecrets {
  systemProtection: SystemProtection | null;
  askSecret: AskSecret | null;
}

export interface NodeAccess {
  identities: TestbedIdentities;
  hostKeys: HostKeys;
  sshConfig: OpenSshConfig;
  credentials: CredentialService;
  loginSecrets: LoginSecrets;
  connector: NodeConnector;
  authorizer: NodeAuthorizer;
  pusher: ModelPusher;
}

export function composeNodeAccess(context: CompositionContext, shell: ShellSecrets): NodeAccess {
  const { paths, storage, secretFiles, recordEvent, nowMs, log, seenSecret, overrides } = context;
  const identities = new TestbedIdentities({ files: secretFiles, nowMs, recordEvent });
  const hostKeys = new HostKeys({
    hostKeys: storage.hostKeys,
    testbeds: storage.testbeds,
    knownHostsPaths: overrides.knownHostsPaths ?? defaultKnownHostsPaths(),
    nowMs,
  });
  const credentials = new CredentialService({
    records: new SecretRecords(storage.credentials, new TokenRecords(secretFiles)),
    vault: new Vault(secretFiles),
    system: new SystemStore(secretFiles, shell.systemProtection),
    testbeds: storage.testbeds,
    recordEvent,
    nowMs,
    seenSecret,
  });
  const loginSecrets = new LoginSecrets({
    credentials,
    getNode: (nodeId) => storage.testbeds.getNode(nodeId),
    ask: shell.askSecret,
  });
  const sshConfig = new OpenSshConfig(overrides.sshConfigPath === undefined ? {} : { configPath: overrides.sshConfigPath });
  const ordinary = new NodeConnector({
    hostKeys,
    routes: new RouteRenewal({ testbeds: storage.testbeds, sshConfig, recordEvent }),
    programPrivateKey: () => loadProgramKey(secretFiles).privateKeyPem,
    agentSocketPath: overrides.agentSocketPath ?? (() => process.env['SSH_AUTH_SOCK'] ?? null),
    secrets: loginSecrets,
  });
  const connector = overrides.wrapConnector?.(ordinary) ?? ordinary;
  const authorizer = new NodeAuthorizer({
    testbeds: storage.testbeds,
    connector,
    publicKeyLine: () => loadProgramKey(secretFiles).publicKeyLine,
    recordEvent,
    seenSecret,
  });
  const pusher = new ModelPusher({
    startWorker: pushWorkerStarter(paths.pushWorkerPath, log),
    connector,
    identities,
    openSshPath: overrides.openSshPath === undefined ? findOpenSsh() : overrides.openSshPath,
    ...(overrides.pushReserveBytes === undefined ? {} : { reserveBytes: overrides.pushReserveBytes }),
  });
  return { identities, hostKeys, sshConfig, credentials, loginSecrets, connector, authorizer, pusher };
}
