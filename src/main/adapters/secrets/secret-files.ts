// Files that only the program's user may read. What is in them never goes to a log, a command line or the window.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurablyNow } from '../../../durable-file/write-durably.js';
import { AppError } from '../../../shared/errors.js';

export class SecretFiles {
  readonly #dir: string;
  readonly #seenSecret: (content: string) => void;

  /** `dir` is made with mode 0700 at the first write. `seenSecret` hears of every private key that is read or written. */
  constructor(dir: string, seenSecret: (content: string) => void = () => undefined) {
    this.#dir = dir;
    this.#seenSecret = (content) => {
      if (content.includes('PRIVATE KEY-----')) seenSecret(content);
    };
  }

  /** Null when there is no such file. Throws `io` when it can't be read. */
  read(name: string): string | null {
    try {
      const content = readFileSync(this.pathOf(name), 'utf8');
      this.#seenSecret(content);
      return content;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new AppError('io', `The file ${this.pathOf(name)} can't be read.`, 'Check its permissions and owner.', { cause: error });
    }
  }

  /** Whole or not at all, mode 0600. Throws `io` or `no-space`. */
  write(name: string, content: string): void {
    const path = this.pathOf(name);
    this.#seenSecret(content);
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
      writeDurablyNow(path, content);
    } catch (error) {
      const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      const hint = isFull ? 'Free space on this disk, then try again.' : 'Check the permissions of the data folder.';
      throw new AppError(isFull ? 'no-space' : 'io', `The file ${path} can't be written.`, hint, { cause: error });
    }
  }

  remove(name: string): void {
    rmSync(this.pathOf(name), { force: true });
  }

  /** Where the file is or would be. Names are made by the program, never by a user or a node. */
  pathOf(name: string): string {
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) throw new Error(`Not a name for a secret file: ${name}`);
    return join(this.#dir, name);
  }
}
