// Flags that say how a node is logged in to, and the secrets that go with it.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { NODE_AUTHS, type NodeAuth, type SecretRef } from '../../../shared/credentials.js';
import { AppError } from '../../../shared/errors.js';
import type { TestbedNode } from '../../../shared/testbed.js';
import { askHidden, canAsk } from './secret-input.js';
import type { Session } from './session.js';

export interface LoginOptions {
  auth?: NodeAuth;
  key?: string;
  passwordStdin: boolean;
  passphraseStdin: boolean;
  sudoPasswordStdin: boolean;
}

export function addLoginOptions(command: Command): Command {
  return command
    .addOption(new Option('--auth <way>', 'how to log in').choices(NODE_AUTHS))
    .option('--key <file>', 'private key file, for key-file')
    .option('--password-stdin', 'the next line of standard input is the password', false)
    .option('--passphrase-stdin', 'the next line of standard input is the passphrase of the key file', false)
    .option('--sudo-password-stdin', 'the next line of standard input is the password for sudo', false);
}

/**
 * The absolute path of a key file that was named on the command line, which may run in another folder than the core; notes what is not as it
 * should be.
 */
export async function noteKeyFile({ api, terminal }: Session, keyFile: string): Promise<string> {
  const isOfHome = /^~[/\\]/.test(keyFile);
  const { path, remarks } = await api.credentials.examineKeyFile({ keyFile: isOfHome ? keyFile : resolve(keyFile) });
  for (const remark of remarks) terminal.note(remark);
  return path;
}

/** Keeps the secrets that were given, or asks for the one that the login needs, in the vault. Returns what was kept. */
export async function keepSecrets(session: Session, node: TestbedNode, options: LoginOptions): Promise<string[]> {
  const { api, stdinLines, terminal } = session;
  const kept: string[] = [];
  const keep = async (of: SecretRef, secret: string): Promise<void> => {
    await api.credentials.set({ of, secret, holder: 'vault' });
    kept.push(of.kind);
  };
  const hasFlag = options.passwordStdin || options.passphraseStdin || options.sudoPasswordStdin;
  const nameOrId = neededSecret(node);
  if (!hasFlag && (!nameOrId || !canAsk())) return kept;
  if (!(await isVaultOpen(session))) {
    if (!hasFlag) {
      terminal.note('No password is kept: there is no open vault. It is asked for when it is needed.');
      return kept;
    }
    throw noOpenVault();
  }
  if (options.passwordStdin) await keep({ kind: 'password', nodeId: node.id }, await stdinLines.next('the password'));
  if (options.passphraseStdin) await keep(passphraseOf(node), await stdinLines.next('the passphrase'));
  if (options.sudoPasswordStdin) await keep({ kind: 'sudo-password', nodeId: node.id }, await stdinLines.next('the password for sudo'));
  if (!hasFlag && nameOrId) {
    const answer = await askHidden(`Password of ${node.user}@${node.host} to keep in the vault (nothing: ask each time)`);
    if (answer !== null) await keep(nameOrId, answer);
    else terminal.note('No password is kept; it is asked for when it is needed.');
  }
  return kept;
}

export function noOpenVault(): AppError {
  return new AppError(
    'vault-locked',
    'There is no unlocked vault to keep the secret in.',
    'Make one: npm run cli -- secret create-vault. Then add --vault-passphrase-stdin; its passphrase is the first line of standard input.',
  );
}

/** Asks for the passphrase of a locked vault, where someone is there to be asked. */
export async function isVaultOpen({ api }: Session): Promise<boolean> {
  const { state } = (await api.credentials.status()).vault;
  const passphrase = state === 'locked' && canAsk() ? await askHidden('Passphrase of the vault') : null;
  if (passphrase === null) return state === 'unlocked';
  await api.credentials.unlockVault({ passphrase });
  return true;
}

function neededSecret(node: TestbedNode): SecretRef | null {
  return node.auth === 'password' ? { kind: 'password', nodeId: node.id } : null;
}

function passphraseOf(node: TestbedNode): SecretRef {
  if (node.keyFile !== null) return { kind: 'passphrase', keyFile: node.keyFile };
  throw new AppError('invalid-input', `Node "${node.name}" has no key file that a passphrase could be of.`, 'Name one: --key FILE.');
}
