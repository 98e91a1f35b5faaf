// What must not leave the program, taken out of texts and of whole values: what looks like a secret, and every secret that was seen.
import { isSecretName, redactAll, REMOVED } from './redact-all.js';
import { SecretFingerprints } from './secret-fingerprints.js';

const DEEPEST = 12;
/** Lines of a key in PEM: each is found by itself, should a program print one. */
const PEM_LINE = /^[A-Za-z0-9+/=]{16,}$/;

export class Redactor {
  readonly #seen = new SecretFingerprints();

  /** A secret went through the program; not the secret is kept, but how to recognize it. A key in PEM is recognized line by line. */
  remember(secret: string): void {
    if (!secret.includes('PRIVATE KEY-----')) return this.#seen.remember(secret);
    for (const line of secret.split(/\r?\n/)) if (PEM_LINE.test(line)) this.#seen.remember(line);
  }

  text(text: string): string {
    return this.#seen.remove(redactAll(text), REMOVED);
  }

  /** A copy of a plain value (as JSON has them) with all its texts redacted. */
  value(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEEPEST) return '[too deep]';
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        this.text(name),
        isSecretName(name) && typeof item === 'string' ? REMOVED : this.value(item, depth + 1),
      ]),
    );
  }
}
