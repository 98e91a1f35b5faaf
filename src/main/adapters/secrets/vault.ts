// The vault as it is now: absent, locked or unlocked. Every change is written at once, aside and renamed.
import { AppError } from '../../../shared/errors.js';
import type { CredentialStatus } from '../../../shared/credentials.js';
import type { SecretFiles } from './secret-files.js';
import { createVaultKey, forgetVaultKey, openVault, sealVault, type VaultContents, type VaultKey } from './vault-format.js';

const FILE_NAME = 'vault';

export class Vault {
  readonly #files: SecretFiles;
  #opened: { key: VaultKey; contents: VaultContents } | null = null;

  constructor(files: SecretFiles) {
    this.#files = files;
  }

  get path(): string {
    return this.#files.pathOf(FILE_NAME);
  }

  get state(): CredentialStatus['vault']['state'] {
    if (this.#opened) return 'unlocked';
    return this.#files.read(FILE_NAME) === null ? 'absent' : 'locked';
  }

  /** Throws `conflict` where there is one already. */
  async create(passphrase: string): Promise<void> {
    this.#refuseAnother();
    const key = await createVaultKey(passphrase);
    this.#refuseAnother();
    this.#write(key, {});
  }

  /** Throws what `openVault` throws, and `not-found` without a vault. */
  async unlock(passphrase: string): Promise<void> {
    const opened = await openVault(this.#text(), passphrase);
    this.lock();
    this.#opened = opened;
  }

  lock(): void {
    if (this.#opened) forgetVaultKey(this.#opened.key);
    this.#opened = null;
  }

  /** The vault is unlocked afterwards. Throws as `unlock`. */
  async changePassphrase(current: string, next: string): Promise<void> {
    const { key: former, contents } = await openVault(this.#text(), current);
    forgetVaultKey(former);
    this.#write(await createVaultKey(next), contents);
  }

  /** Deletes it with everything inside, whatever its passphrase. */
  discard(): void {
    this.lock();
    this.#files.remove(FILE_NAME);
  }

  names(): string[] {
    return Object.keys(this.#unlocked().contents);
  }

  get(name: string): string | null {
    return this.#unlocked().contents[name] ?? null;
  }

  set(name: string, secret: string): void {
    const { key, contents } = this.#unlocked();
    this.#write(key, { ...contents, [name]: secret });
  }

  /** Nothing happens to a name that is not there. */
  remove(names: readonly string[]): void {
    const { key, contents } = this.#unlocked();
    const left = Object.fromEntries(Object.entries(contents).filter(([name]) => !names.includes(name)));
    if (Object.keys(left).length < Object.keys(contents).length) this.#write(key, left);
  }

  #write(key: VaultKey, contents: VaultContents): void {
    this.#files.write(FILE_NAME, sealVault(key, contents));
    if (this.#opened && this.#opened.key !== key) forgetVaultKey(this.#opened.key);
    this.#opened = { key, contents };
  }

  #text(): string {
    const text = this.#files.read(FILE_NAME);
    if (text === null) throw new AppError('not-found', 'There is no vault yet.', 'Create one first, with a passphrase of your choice.');
    return text;
  }

  #refuseAnother(): void {
    if (this.state !== 'absent') throw new AppError('conflict', 'There is a vault already.', 'Unlock it, or discard it first.');
  }

  #unlocked(): { key: VaultKey; contents: VaultContents } {
    if (!this.#opened) throw vaultLockedError();
    return this.#opened;
  }
}

export function vaultLockedError(): AppError {
  return new AppError(
    'vault-locked',
    'The vault with the secrets is locked.',
    'Unlock it under Settings, Secrets in the window. In a script: --vault-passphrase-stdin.',
  );
}
