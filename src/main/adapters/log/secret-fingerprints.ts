// Recognizes secrets that the program has seen without keeping them: of each form it remembers the length, a 32-bit rolling hash under a
// random base, and a keyed SHA-256. A text is searched in one pass a length.
import { createHmac, randomBytes, randomInt } from 'node:crypto';

/** Shorter ones would be found in every other word. */
const MIN_LENGTH = 4;
/** Forms that are remembered; the oldest are forgotten. */
const MAX_FORMS = 2000;

export class SecretFingerprints {
  readonly #key = randomBytes(32);
  /** Odd, so that no character is multiplied away. */
  readonly #base = randomInt(2 ** 24, 2 ** 31) | 1;
  /** Length, then rolling hash, then keyed digests. */
  readonly #known = new Map<number, Map<number, Set<string>>>();
  #forms: { length: number; rolling: number; digest: string }[] = [];

  /** The secret as it stands, and as base64, hexadecimal and URL text would show it. */
  remember(secret: string): void {
    const trimmed = secret.trim();
    const bytes = Buffer.from(trimmed);
    const base64 = bytes.toString('base64').replace(/=+$/, '');
    for (const form of new Set([trimmed, base64, bytes.toString('base64url'), bytes.toString('hex'), encodeForUrl(trimmed)])) {
      this.#add(form);
    }
  }

  /** The text with every remembered form replaced. */
  remove(text: string, replacement: string): string {
    let result = text;
    for (const length of [...this.#known.keys()].sort((a, b) => b - a)) result = this.#removeOfLength(result, length, replacement);
    return result;
  }

  #add(form: string): void {
    if (form.length < MIN_LENGTH) return;
    const rolling = this.#hash(form);
    const digest = this.#digest(form);
    const byHash = getOrMake(this.#known, form.length, () => new Map<number, Set<string>>());
    const digests = getOrMake(byHash, rolling, () => new Set<string>());
    if (digests.has(digest)) return;
    digests.add(digest);
    this.#forms.push({ length: form.length, rolling, digest });
    if (this.#forms.length > MAX_FORMS) this.#forget();
  }

  #forget(): void {
    const [oldest] = this.#forms.splice(0, 1);
    if (!oldest) return;
    const byHash = this.#known.get(oldest.length);
    const digests = byHash?.get(oldest.rolling);
    digests?.delete(oldest.digest);
    if (digests?.size === 0) byHash?.delete(oldest.rolling);
    if (byHash?.size === 0) this.#known.delete(oldest.length);
  }

  #removeOfLength(text: string, length: number, replacement: string): string {
    const byHash = this.#known.get(length);
    if (!byHash || text.length < length) return text;
    // The weight of the character that leaves the window: base ^ length, modulo 2^32.
    let weight = 1;
    for (let i = 0; i < length; i++) weight = Math.imul(weight, this.#base);
    let hash = 0;
    let result = '';
    let copiedTo = 0;
    for (let end = 0; end < text.length; end++) {
      hash = (Math.imul(hash, this.#base) + text.charCodeAt(end)) | 0;
      const start = end - length + 1;
      if (start > 0) hash = (hash - Math.imul(weight, text.charCodeAt(start - 1))) | 0;
      if (start < copiedTo || !byHash.get(hash)?.has(this.#digest(text.slice(start, end + 1)))) continue;
      result += text.slice(copiedTo, start) + replacement;
      copiedTo = end + 1;
    }
    return copiedTo === 0 ? text : result + text.slice(copiedTo);
  }

  #hash(text: string): number {
    let hash = 0;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, this.#base) + text.charCodeAt(i)) | 0;
    return hash;
  }

  #digest(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64');
  }
}

/** A password may hold half a surrogate pair, which has no URL form. */
function encodeForUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
