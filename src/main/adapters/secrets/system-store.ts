// Secrets under the protection of the system's key store. The core knows only the form of that protection: the desktop shell brings it.
import { z } from 'zod';
import type { SystemProtection } from '../../../shared/core-process-messages.js';
import { AppError } from '../../../shared/errors.js';
import type { SecretFiles } from './secret-files.js';

const FILE_NAME = 'system-store.json';
const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

export class SystemStore {
  readonly #files: SecretFiles;
  readonly #protection: SystemProtection | null;

  constructor(files: SecretFiles, protection: SystemProtection | null) {
    this.#files = files;
    this.#protection = protection;
  }

  async describe(): Promise<{ isUsable: boolean; description: string }> {
    if (!this.#protection) return { isUsable: false, description: "Only the desktop program reaches the system's key store." };
    return this.#protection.describe();
  }

  /** Throws `unsupported` where the key store is no protection, with the reason. */
  async set(name: string, secret: string): Promise<void> {
    const protection = await this.#usable();
    const sealed = Buffer.from(await protection.encrypt(secret)).toString('base64');
    this.#write({ ...this.#read(), [name]: sealed });
  }

  /** Null when there is none. Throws `secret-missing` where it is there and can't be read here. */
  async get(name: string): Promise<string | null> {
    const sealed = this.#read()[name];
    if (sealed === undefined) return null;
    try {
      return await (await this.#usable()).decrypt(Buffer.from(sealed, 'base64'));
    } catch (thrown) {
      const why = thrown instanceof AppError ? thrown.message : "The system's key store does not open it.";
      throw new AppError('secret-missing', `A secret is kept by the system's key store and can't be read here. ${why}`, 'Enter it again.');
    }
  }

  remove(name: string): void {
    const { [name]: removed, ...left } = this.#read();
    if (removed !== undefined) this.#write(left);
  }

  async #usable(): Promise<SystemProtection> {
    const { isUsable, description } = await this.describe();
    if (isUsable && this.#protection) return this.#protection;
    throw new AppError('unsupported', description, 'Keep the secret in a vault, or for this session only.');
  }

  #read(): Record<string, string> {
    const text = this.#files.read(FILE_NAME);
    if (text === null) return {};
    try {
      return fileSchema.parse(JSON.parse(text)).secrets;
    } catch {
      throw new AppError('io', `The file ${this.#files.pathOf(FILE_NAME)} is damaged.`, 'Delete it and enter the secrets again.');
    }
  }

  #write(secrets: Record<string, string>): void {
    this.#files.write(FILE_NAME, JSON.stringify({ version: 1, secrets }));
  }
}
