// Which secrets are kept and where: those of nodes and key files in the database, tokens beside the vault. What is kept for the session alone is in
// neither.
import { type SecretHolder, type SecretKind, TOKEN_ACCOUNTS, type TokenAccount } from '../../../../shared/credentials.js';
import type { TokenRecords } from '../../../adapters/secrets/token-records.js';
import type { CredentialRepository } from '../../../adapters/storage/credential-repository.js';

/** A secret that outlives the session; never the secret. */
export interface SecretRecord {
  kind: SecretKind;
  /** Id of a node, absolute path of a key file, or an account. */
  subject: string;
  holder: Exclude<SecretHolder, 'session'>;
  /** Wall clock, epoch ms. */
  storedAtMs: number;
}

type Slot = Pick<SecretRecord, 'kind' | 'subject'>;

export class SecretRecords {
  readonly #ofNodes: CredentialRepository;
  readonly #tokens: TokenRecords;

  constructor(ofNodes: CredentialRepository, tokens: TokenRecords) {
    this.#ofNodes = ofNodes;
    this.#tokens = tokens;
  }

  list(): SecretRecord[] {
    const tokens = this.#tokens
      .list()
      .map(({ account, holder, storedAtMs }) => ({ kind: 'token', subject: account, holder, storedAtMs }) as const);
    return [...this.#ofNodes.list(), ...tokens];
  }

  find(slot: Slot): SecretRecord | null {
    if (slot.kind !== 'token') return this.#ofNodes.find({ kind: slot.kind, subject: slot.subject });
    return this.list().find(({ kind, subject }) => kind === 'token' && subject === slot.subject) ?? null;
  }

  save({ kind, subject, ...kept }: SecretRecord): void {
    if (kind === 'token') this.#tokens.save({ account: accountOf(subject), ...kept });
    else this.#ofNodes.save({ kind, subject, ...kept });
  }

  remove({ kind, subject }: Slot): void {
    if (kind === 'token') this.#tokens.remove(accountOf(subject));
    else this.#ofNodes.remove({ kind, subject });
  }
}

function accountOf(subject: string): TokenAccount {
  const account = TOKEN_ACCOUNTS.find((each) => each === subject);
  if (account === undefined) throw new Error(`A token is of no account ${subject}`);
  return account;
}
