// Secrets that were forgotten a moment ago: gone from where they were kept, and in memory here until the way back ends.
import type { KeptSecret, SecretHolder } from '../../../../shared/credentials.js';

export interface ForgottenSecret {
  slot: Pick<KeptSecret, 'kind' | 'subject'>;
  holder: SecretHolder;
  storedAtMs: number;
  /** Null of one that a locked vault has: its file still holds it, until the vault is unlocked. */
  secret: string | null;
}

/** Real ms: longer than a message with Undo is shown, which stays while a pointer is over it. */
export const RESTORABLE_MS = 30_000;

export class ForgottenSecrets {
  readonly #held = new Map<string, { forgotten: ForgottenSecret; timer: NodeJS.Timeout }>();

  hold(name: string, forgotten: ForgottenSecret): void {
    this.drop(name);
    const timer = setTimeout(() => this.#held.delete(name), RESTORABLE_MS);
    timer.unref();
    this.#held.set(name, { forgotten, timer });
  }

  /** It is held no longer; null where it is not any more. */
  take(name: string): ForgottenSecret | null {
    const held = this.#held.get(name);
    this.drop(name);
    return held?.forgotten ?? null;
  }

  drop(name: string): void {
    clearTimeout(this.#held.get(name)?.timer);
    this.#held.delete(name);
  }

  /** The vault was locked, unlocked or discarded: what came out of it does not outlast that. */
  dropOfVault(): void {
    for (const [name, { forgotten }] of this.#held) if (forgotten.holder === 'vault') this.drop(name);
  }
}
