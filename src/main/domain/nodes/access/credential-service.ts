// Secrets of nodes, key files and accounts elsewhere: taken in, kept where the user says, handed to what logs in and to no one else. No answer,
// event or message of this class holds a secret.
import { type SetSecretInput, setSecretInput } from '../../../../shared/api/credential-inputs.js';
import {
  type CredentialStatus,
  type KeptSecret,
  type KeyFileLook,
  SECRET_HOLDER_TITLES,
  SECRET_KIND_TITLES,
  type SecretHolder,
  type SecretRef,
  TOKEN_ACCOUNT_TITLES,
} from '../../../../shared/credentials.js';
import { AppError } from '../../../../shared/errors.js';
import { examineKeyFile, keyFilePath, readKeyFile } from '../../../adapters/ssh/key-file.js';
import { openPrivateKey } from '../../../adapters/ssh/key-pair.js';
import type { TestbedRepository } from '../../../adapters/storage/testbed-repository.js';
import type { SystemStore } from '../../../adapters/secrets/system-store.js';
import { type Vault, vaultLockedError } from '../../../adapters/secrets/vault.js';
import { type ForgottenSecret, ForgottenSecrets } from './forgotten-secrets.js';
import type { SecretRecords } from './secret-records.js';

export interface CredentialServiceOptions {
  records: SecretRecords;
  vault: Vault;
  system: SystemStore;
  testbeds: TestbedRepository;
  recordEvent: (event: { kind: string; subjectId: string | null; message: string }) => void;
  nowMs: () => number;
  /** Hears of every secret before anything is done with it. */
  seenSecret?: (secret: string) => void;
}

/** Secrets come in here and never go out. Its answers say where a secret is kept, never which one. */
export class CredentialService {
  readonly #options: CredentialServiceOptions;
  readonly #forgotten = new ForgottenSecrets();
  /** What is kept for this session only. */
  readonly #session = new Map<string, { secret: string; kept: KeptSecret }>();

  constructor(options: CredentialServiceOptions) {
    this.#options = options;
  }

  async status(): Promise<CredentialStatus> {
    const { vault, system, records } = this.#options;
    const { state, path } = vault;
    const described = await system.describe();
    const isReadable = { system: described.isUsable, vault: state === 'unlocked' };
    const stored = records.list().map((record): KeptSecret => ({ ...record, isReadable: isReadable[record.holder] }));
    const secrets = [...stored.filter((kept) => !this.#session.has(nameOf(kept))), ...[...this.#session.values()].map(({ kept }) => kept)];
    const preferredHolder = described.isUsable ? 'system' : state === 'unlocked' ? 'vault' : 'session';
    return { system: described, vault: { state, path }, preferredHolder, secrets };
  }

  /** Whether a private key file can log in, as it lies there now. Throws `invalid-input` with the remedy. */
  examineKeyFile(keyFile: string): KeyFileLook {
    return examineKeyFile(keyFile);
  }

  /** Keeps a secret in the place of the one before it, wherever that was. Throws `vault-locked`, `unsupported` or `invalid-input`. */
  async set(input: SetSecretInput): Promise<void> {
    const { of, secret, holder } = setSecretInput.parse(input);
    this.#seen(secret);
    const { what, subjectId } = this.#describe(of);
    if (of.kind === 'passphrase') {
      openPrivateKey(await readKeyFile(of.keyFile), `key file ${of.keyFile}`, secret);
    }
    const slot = slotOf(of);
    const name = nameOf(slot);
    this.#forgotten.drop(name);
    const storedAtMs = this.#options.nowMs();
    if (holder === 'vault') this.#options.vault.set(name, secret);
    if (holder === 'system') await this.#options.system.set(name, secret);
    this.#removeBut(holder, slot);
    if (holder === 'session') this.#session.set(name, { secret, kept: { ...slot, holder, isReadable: true, storedAtMs } });
    else this.#options.records.save({ ...slot, holder, storedAtMs });
    this.#record('secret-kept', subjectId, `${what} is kept: ${SECRET_HOLDER_TITLES[holder]}.`);
  }

  /** Also while the vault is locked. `isRestorable`: it can be brought back for a moment, by `restore`. */
  async forget(of: SecretRef): Promise<{ isRestorable: boolean }> {
    const { what, subjectId } = this.#describe(of);
    const slot = slotOf(of);
    const held = await this.#holdable(of);
    this.#removeBut(null, slot);
    if (held) this.#forgotten.hold(nameOf(slot), held);
    this.#record('secret-forgotten', subjectId, `${what} is forgotten.`);
    return { isRestorable: held !== null };
  }

  /** Brings back what was forgotten a moment ago, to where it was kept. Throws `conflict` where it is gone for good. */
  async restore(of: SecretRef): Promise<void> {
    const { records, vault, system } = this.#options;
    const { what, subjectId } = this.#describe(of);
    const name = nameOf(slotOf(of));
    const held = this.#forgotten.take(name);
    if (!held) throw new AppError('conflict', `${what} can't be brought back any more`, 'Enter it again.');
    const { slot, holder, storedAtMs, secret } = held;
    if (secret !== null && holder === 'vault') vault.set(name, secret);
    if (secret !== null && holder === 'system') await system.set(name, secret);
    if (secret !== null && holder === 'session')
      this.#session.set(name, { secret, kept: { ...slot, holder, isReadable: true, storedAtMs } });
    if (holder !== 'session') records.save({ ...slot, holder, storedAtMs });
    this.#record('secret-kept', subjectId, `${what} is kept again: ${SECRET_HOLDER_TITLES[holder]}.`);
  }

  /** Forgets everything about a node that is gone. */
  forgetNode(nodeId: string): void {
    for (const kind of ['password', 'sudo-password'] as const) this.#removeBut(null, { kind, subject: nodeId });
  }

  /** Leaves it unlocked. Throws `conflict` where there is one already. */
  async createVault(passphrase: string): Promise<void> {
    this.#seen(passphrase);
    await this.#options.vault.create(passphrase);
    this.#record('vault-created', null, `Created the vault ${this.#options.vault.path}.`);
  }

  /**
   * What only one of file and record knows is dropped: it was forgotten while the vault was locked, or its writing was cut off. Throws
   * `invalid-input` for a wrong passphrase and `io` for a file that was changed.
   */
  async unlockVault(passphrase: string): Promise<void> {
    const { vault, records } = this.#options;
    this.#seen(passphrase);
    await vault.unlock(passphrase);
    this.#forgotten.dropOfVault();
    const recorded = records.list().filter(({ holder }) => holder === 'vault');
    const recordedNames = new Set(recorded.map(nameOf));
    const inside = new Set(vault.names());
    for (const record of recorded) if (!inside.has(nameOf(record))) records.remove(record);
    vault.remove([...inside].filter((name) => !recordedNames.has(name)));
  }

  lockVault(): void {
    this.#forgotten.dropOfVault();
    this.#options.vault.lock();
  }

  async changeVaultPassphrase(current: string, next: string): Promise<void> {
    this.#seen(current, next);
    await this.#options.vault.changePassphrase(current, next);
    this.#record('vault-passphrase-changed', null, 'Changed the passphrase of the vault.');
  }

  /** Deletes the vault with every secret in it, whatever its passphrase. */
  discardVault(): void {
    const { vault, records } = this.#options;
    vault.discard();
    this.#forgotten.dropOfVault();
    for (const record of records.list()) if (record.holder === 'vault') records.remove(record);
    this.#record('vault-discarded', null, 'Discarded the vault with the secrets in it.');
  }

  /** For what logs in: null when none is kept. Throws `vault-locked`, or `secret-missing` where it is kept and can't be read here. */
  async find(of: SecretRef): Promise<string | null> {
    const secret = await this.#find(of);
    if (secret !== null) this.#seen(secret);
    return secret;
  }

  async #find(of: SecretRef): Promise<string | null> {
    const { records, vault, system } = this.#options;
    const slot = slotOf(of);
    const name = nameOf(slot);
    const inSession = this.#session.get(name);
    if (inSession) return inSession.secret;
    const record = records.find(slot);
    if (!record) return null;
    if (record.holder === 'system') return system.get(name);
    if (vault.state === 'locked') throw vaultLockedError();
    return vault.get(name);
  }

  /** What of a kept secret can be held for a moment; null where there is none, or this shell can't read it. */
  async #holdable(of: SecretRef): Promise<ForgottenSecret | null> {
    const { records, vault } = this.#options;
    const slot = slotOf(of);
    const inSession = this.#session.get(nameOf(slot));
    if (inSession) return { slot, holder: 'session', storedAtMs: inSession.kept.storedAtMs, secret: inSession.secret };
    const record = records.find(slot);
    if (!record) return null;
    const { holder, storedAtMs } = record;
    if (holder === 'vault' && vault.state === 'locked') return { slot, holder, storedAtMs, secret: null };
    const secret = await this.#find(of).catch(() => null);
    return secret === null ? null : { slot, holder, storedAtMs, secret };
  }

  /** The holders other than `but`. What a locked vault holds loses its record, and goes when the vault is unlocked. */
  #removeBut(but: SecretHolder | null, slot: Pick<KeptSecret, 'kind' | 'subject'>): void {
    const { records, vault, system } = this.#options;
    const name = nameOf(slot);
    if (but !== 'session') this.#session.delete(name);
    if (but !== 'system') system.remove(name);
    if (but !== 'vault' && vault.state === 'unlocked') vault.remove([name]);
    records.remove(slot);
  }

  /** In words, for events. Throws `not-found` for a node that is none, and `invalid-input` for a virtual one. */
  #describe(of: SecretRef): { what: string; subjectId: string | null } {
    const title = SECRET_KIND_TITLES[of.kind];
    if (of.kind === 'passphrase') return { what: `${title} ${keyFilePath(of.keyFile)}`, subjectId: null };
    if (of.kind === 'token') return { what: `${title} of ${TOKEN_ACCOUNT_TITLES[of.account]}`, subjectId: null };
    const node = this.#options.testbeds.getNode(of.nodeId);
    if (!node) throw new AppError('not-found', `There is no node “${of.nodeId}”.`, 'List the testbeds to see their nodes.');
    if (node.kind === 'virtual') {
      throw new AppError('invalid-input', `Node "${node.name}" is virtual and takes no password.`, 'Choose a node reached over SSH.');
    }
    return { what: `${title} of node "${node.name}"`, subjectId: node.id };
  }

  #seen(...secrets: readonly string[]): void {
    for (const secret of secrets) this.#options.seenSecret?.(secret);
  }

  #record(kind: string, subjectId: string | null, message: string): void {
    this.#options.recordEvent({ kind, subjectId, message });
  }
}

function slotOf(of: SecretRef): Pick<KeptSecret, 'kind' | 'subject'> {
  if (of.kind === 'token') return { kind: of.kind, subject: of.account };
  return { kind: of.kind, subject: of.kind === 'passphrase' ? keyFilePath(of.keyFile) : of.nodeId };
}

function nameOf({ kind, subject }: Pick<KeptSecret, 'kind' | 'subject'>): string {
  return `${kind}:${subject}`;
}
