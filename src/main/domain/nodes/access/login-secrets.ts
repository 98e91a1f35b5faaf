// Secrets as what logs in needs them: those that are kept, else what the person at the terminal answers. An answer is held for this session.
import type { SecretRef, TokenAccount } from '../../../../shared/credentials.js';
import { AppError } from '../../../../shared/errors.js';
import type { TestbedNode } from '../../../../shared/testbed.js';
import type { CredentialService } from './credential-service.js';

/** Asks a person without showing what is typed; null when no one answers. */
export type AskSecret = (question: string) => Promise<string | null>;

export interface LoginSecretsOptions {
  credentials: Pick<CredentialService, 'find' | 'set' | 'unlockVault'>;
  getNode: (nodeId: string) => TestbedNode | null;
  /** Null where there is no terminal to ask at: then what is missing is an error that says so. */
  ask: AskSecret | null;
}

const MAX_TRIES = 3;

export class LoginSecrets {
  readonly #options: LoginSecretsOptions;
  /** Questions wait for each other: nodes are logged in to side by side, a person answers one at a time. */
  #lastQuestion: Promise<unknown> = Promise.resolve();

  constructor(options: LoginSecretsOptions) {
    this.#options = options;
  }

  /** Throws `secret-missing` or `vault-locked`. */
  async password(node: TestbedNode): Promise<string> {
    const of = { kind: 'password', nodeId: node.id } as const;
    const endpoint = `${node.user}@${node.host}`;
    const password = (await this.#find(of)) ?? (await this.#askFor(of, `Password of ${endpoint}`));
    if (password !== null) return password;
    throw new AppError(
      'secret-missing',
      `The password of ${endpoint} (node "${node.name}") is not known.`,
      'Enter it: Login and secrets of the node in the window, "npm run cli -- node login NODE --password-stdin" in a script.',
    );
  }

  /** Null where none is known and no one is there to be asked. Throws `vault-locked`. */
  async passphrase(keyFile: string): Promise<string | null> {
    const known = await this.knownPassphrase(keyFile);
    return known ?? (await this.#askFor({ kind: 'passphrase', keyFile }, `Passphrase of the key file ${keyFile}`));
  }

  /** As `passphrase`, but no one is asked for it. */
  knownPassphrase(keyFile: string): Promise<string | null> {
    return this.#find({ kind: 'passphrase', keyFile });
  }

  /**
   * What sudo on the node asks for: its own where one is kept, else the password that logs in, which is the same account's. Null where
   * neither is known: sudo may need none. Throws `vault-locked`.
   */
  async sudoPassword(nodeId: string): Promise<string | null> {
    const own = await this.#find({ kind: 'sudo-password', nodeId });
    if (own !== null) return own;
    return this.#options.getNode(nodeId)?.auth === 'password' ? this.#find({ kind: 'password', nodeId }) : null;
  }

  /** Null where none is kept: a token is made elsewhere, and no one is asked for it in the middle of something. Throws `vault-locked`. */
  token(account: TokenAccount): Promise<string | null> {
    return this.#find({ kind: 'token', account });
  }

  async #find(of: SecretRef): Promise<string | null> {
    const { credentials, ask } = this.#options;
    const find = (): Promise<string | null> => credentials.find(of);
    return find().catch((thrown: unknown) => {
      if (!isVaultLocked(thrown) || !ask) throw thrown;
      return this.#inTurn(() =>
        // The question before this one may have unlocked it.
        find().catch(async (again: unknown) => {
          if (!isVaultLocked(again)) throw again;
          const answer = await this.#tryAnswers('Passphrase of the vault', (passphrase) => credentials.unlockVault(passphrase));
          if (answer === null) throw again;
          return find();
        }),
      );
    });
  }

  #askFor(of: SecretRef, question: string): Promise<string | null> {
    const { ask, credentials } = this.#options;
    if (!ask) return Promise.resolve(null);
    return this.#inTurn(async () => {
      const known = await credentials.find(of);
      if (known !== null) return known;
      return this.#tryAnswers(question, (secret) => credentials.set({ of, secret, holder: 'session' }));
    });
  }

  /** The first answer that `accept` takes; null when no one answers. Throws what `accept` threw last. */
  async #tryAnswers(question: string, accept: (answer: string) => Promise<void>): Promise<string | null> {
    for (let tries = 1; ; tries++) {
      const answer = (await this.#options.ask?.(question)) ?? '';
      if (answer === '') return null;
      try {
        await accept(answer);
        return answer;
      } catch (thrown) {
        if (tries >= MAX_TRIES || !(thrown instanceof AppError) || thrown.code !== 'invalid-input') throw thrown;
      }
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#lastQuestion.then(act, act);
    this.#lastQuestion = turn.catch(() => undefined);
    return turn;
  }
}

function isVaultLocked(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'vault-locked';
}
