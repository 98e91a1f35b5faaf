// What a host is tried to be logged in to with: key files, the user's SSH agent, the control center's key, a password.
import { readFile } from 'node:fs/promises';
import { assertNever, AppError } from '../../../../shared/errors.js';
import { DEFAULT_SSH_SETTINGS, type SshHostSettings, type TestbedNode } from '../../../../shared/testbed.js';
import { readIdentityPublicKey } from '../../../adapters/ssh/identity-public-key.js';
import { keyFilePath, readKeyFile } from '../../../adapters/ssh/key-file.js';
import { isEncryptedPrivateKey, isUsablePrivateKey } from '../../../adapters/ssh/key-pair.js';
import { agentSocketOf } from '../../../adapters/ssh/ssh-agent.js';
import type { SshLogin } from '../../../adapters/ssh/ssh-logins.js';

export interface LoginSources {
  /** The program's own private key; a secret. */
  programPrivateKey: () => string;
  /** Socket of the user's SSH agent (SSH_AUTH_SOCK); null without one. */
  agentSocketPath: () => string | null;
  secrets: {
    /** Throws `secret-missing` or `vault-locked`. */
    password(node: TestbedNode): Promise<string>;
    /** Null where none is known. Throws `vault-locked`. */
    passphrase(keyFile: string): Promise<string | null>;
    /** As `passphrase`, but no one is asked for it. */
    knownPassphrase(keyFile: string): Promise<string | null>;
  };
}

/** As the node says. Throws `secret-missing`, `vault-locked` or `invalid-input` with the remedy. */
export async function loginsOfNode(node: TestbedNode, sources: LoginSources): Promise<SshLogin[]> {
  switch (node.auth) {
    case 'program-key':
      return programLogin(sources);
    case 'key-file':
      return loginsWithKeyFile(node.keyFile ?? '', sources);
    case 'agent':
      return requiredAgent(node, sources);
    case 'password':
      return [{ kind: 'password', password: await sources.secrets.password(node), description: 'password' }];
    case 'ssh-config':
      return loginsOfHost(node.sshRoute ?? DEFAULT_SSH_SETTINGS, sources);
    default:
      return assertNever(node.auth);
  }
}

type LoginSettings = Pick<SshHostSettings, 'identityFiles' | 'identitiesOnly' | 'identityAgent'>;

/**
 * Those of the files that can be used, the control center's key, then the agent: it may hold more keys than a server tries. With IdentitiesOnly
 * nothing but the keys of the files, which the agent may hold too.
 */
export async function loginsOfHost(settings: LoginSettings, sources: LoginSources): Promise<SshLogin[]> {
  const { identityFiles, identitiesOnly, identityAgent } = settings;
  const fromFiles: SshLogin[] = [];
  for (const keyFile of identityFiles) fromFiles.push(...(await loginIfUsable(keyFile, sources)));
  if (!identitiesOnly) return [...fromFiles, ...programLogin(sources), ...agentLogin(sources, { identityAgent })];
  const keys = await Promise.all(identityFiles.map(readIdentityPublicKey));
  const onlyKeys = keys.filter((key) => key !== null);
  const description = 'keys of the SSH agent that ~/.ssh/config names';
  return [...fromFiles, ...(onlyKeys.length > 0 ? agentLogin(sources, { identityAgent, onlyKeys, description }) : [])];
}

/** One key file of the user's choice. With a passphrase that is not known it is left to the agent, where there is one. */
async function loginsWithKeyFile(keyFile: string, sources: LoginSources): Promise<SshLogin[]> {
  const privateKeyPem = await readKeyFile(keyFile);
  const description = `key file ${keyFile}`;
  if (!isEncryptedPrivateKey(privateKeyPem)) return [{ kind: 'key', privateKeyPem, passphrase: null, description }];
  const passphrase = await sources.secrets.passphrase(keyFile);
  if (passphrase !== null) return [{ kind: 'key', privateKeyPem, passphrase, description }];
  const agent = agentLogin(sources, {
    identityAgent: null,
    description: `keys of the SSH agent (the passphrase of the ${description} is not known)`,
  });
  if (agent.length > 0) return agent;
  throw new AppError(
    'secret-missing',
    `The ${description} is protected by a passphrase that is not known here.`,
    'Enter it: Login and secrets of the node in the window, "npm run cli -- node login NODE --passphrase-stdin" in a script; or unlock the key with ssh-add.',
  );
}

function programLogin(sources: LoginSources): SshLogin[] {
  return [{ kind: 'key', privateKeyPem: sources.programPrivateKey(), passphrase: null, description: "control center's key" }];
}

function requiredAgent(node: TestbedNode, sources: LoginSources): SshLogin[] {
  const identityAgent = node.sshRoute?.identityAgent ?? null;
  const agent = agentLogin(sources, { identityAgent });
  if (agent.length > 0) return agent;
  const why = identityAgent === null ? 'SSH_AUTH_SOCK is not set' : `~/.ssh/config says IdentityAgent ${identityAgent}`;
  throw new AppError(
    'secret-missing',
    `Node "${node.name}" is logged in to with the SSH agent, and there is none: ${why}.`,
    'Start this program where "ssh-add -l" lists the key, or choose another way to log in.',
  );
}

interface AgentChoice {
  identityAgent: string | null;
  onlyKeys?: string[];
  description?: string;
}

function agentLogin(sources: LoginSources, { identityAgent, description = 'keys of the SSH agent', ...keys }: AgentChoice): SshLogin[] {
  const socketPath = agentSocketOf(identityAgent, sources.agentSocketPath());
  return socketPath === null ? [] : [{ kind: 'agent', socketPath, description, ...keys }];
}

/** Names that OpenSSH tries by default are mostly not there; one that can't be used is passed over, as OpenSSH does. No one is asked. */
async function loginIfUsable(keyFile: string, sources: LoginSources): Promise<SshLogin[]> {
  const privateKeyPem = await readFile(keyFilePath(keyFile), 'utf8').catch(() => null);
  if (privateKeyPem === null) return [];
  const description = `key file ${keyFile}`;
  if (isUsablePrivateKey(privateKeyPem)) return [{ kind: 'key', privateKeyPem, passphrase: null, description }];
  if (!isEncryptedPrivateKey(privateKeyPem)) return [];
  const passphrase = await sources.secrets.knownPassphrase(keyFile);
  return passphrase === null ? [] : [{ kind: 'key', privateKeyPem, passphrase, description }];
}
