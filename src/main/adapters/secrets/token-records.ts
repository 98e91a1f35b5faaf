// Which tokens are kept and where; never a token. The record lies beside the vault and not in the database: a token is of this machine's user and
// of no testbed, and a database that is put back from a backup, or given to a colleague, says nothing of it.
import { z } from 'zod';
import { type SecretHolder, TOKEN_ACCOUNTS, type TokenAccount } from '../../../shared/credentials.js';
import { AppError } from '../../../shared/errors.js';
import type { SecretFiles } from './secret-files.js';

const FILE_NAME = 'kept-tokens.json';
const fileSchema = z.object({
  version: z.literal(1),
  tokens: z.array(z.object({ account: z.enum(TOKEN_ACCOUNTS), holder: z.enum(['system', 'vault']), storedAtMs: z.number() })),
});

/** Has no token in it. */
export interface TokenRecord {
  account: TokenAccount;
  holder: Exclude<SecretHolder, 'session'>;
  /** Wall clock, epoch ms. */
  storedAtMs: number;
}

export class TokenRecords {
  readonly #files: SecretFiles;

  constructor(files: SecretFiles) {
    this.#files = files;
  }

  /** Throws `io` for a file that is damaged. */
  list(): TokenRecord[] {
    const text = this.#files.read(FILE_NAME);
    if (text === null) return [];
    try {
      return fileSchema.parse(JSON.parse(text)).tokens;
    } catch {
      throw new AppError('io', `The file ${this.#files.pathOf(FILE_NAME)} is damaged.`, 'Delete it and enter the token again.');
    }
  }

  save(record: TokenRecord): void {
    this.#write([...this.list().filter(({ account }) => account !== record.account), record]);
  }

  /** Nothing happens to one that is not there. */
  remove(account: TokenAccount): void {
    const tokens = this.list();
    const left = tokens.filter((token) => token.account !== account);
    if (left.length < tokens.length) this.#write(left);
  }

  #write(tokens: TokenRecord[]): void {
    this.#files.write(FILE_NAME, JSON.stringify({ version: 1, tokens }));
  }
}
