// Which texts were seen, by 95 bits of their SHA-256 in one array of numbers: a million captions in 18 MB when they are expected, 38 MB
// with the arrays outgrown when they are not, where a Set of the texts themselves takes several times as much. That two of a million texts share 95 bits does not happen.
import { hash } from 'node:crypto';

const WORDS = 3;
const FIRST_CAPACITY = 1024;
/** However many texts are expected: lines may be blank or all the same, and untouched places still count as memory on some systems. */
const MAX_EXPECTED = 2_000_000;
/** Above this share of filled places the array doubles. */
const MAX_FILL = 0.7;

export class SeenTexts {
  #capacity: number;
  #words: Uint32Array;
  #size = 0;

  /** With about as many texts as expected, or fewer, the array need not grow, and leaves no smaller ones to be freed. */
  constructor(expectedCount = 0) {
    this.#capacity = Math.max(FIRST_CAPACITY, Math.ceil(Math.min(expectedCount, MAX_EXPECTED) / MAX_FILL) + 1);
    this.#words = new Uint32Array(this.#capacity * WORDS);
  }

  /** True when the text was not seen before. */
  add(text: string): boolean {
    // As text: a buffer for each would be ten times as much to make and to free.
    const digest = hash('sha256', text, 'hex');
    const key = [wordAt(digest, 0), wordAt(digest, 4), (wordAt(digest, 8) | 1) >>> 0] as const;
    if (!this.#put(key)) return false;
    this.#size++;
    if (this.#size > this.#capacity * MAX_FILL) this.#grow();
    return true;
  }

  /** The last word is never 0 in a filled place. */
  #put([first, second, last]: readonly [number, number, number]): boolean {
    const words = this.#words;
    for (let slot = first % this.#capacity; ; slot = (slot + 1) % this.#capacity) {
      const at = slot * WORDS;
      if (words[at + 2] === 0) {
        words.set([first, second, last], at);
        return true;
      }
      if (words[at] === first && words[at + 1] === second && words[at + 2] === last) return false;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#capacity *= 2;
    this.#words = new Uint32Array(this.#capacity * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] !== 0) this.#put([old[at] ?? 0, old[at + 1] ?? 0, old[at + 2] ?? 0]);
    }
  }
}

function wordAt(digest: string, byte: number): number {
  return parseInt(digest.slice(2 * byte, 2 * byte + 8), 16);
}
