// The images that are known to be damaged or missing: from the last check of the data folder, and from anyone who opened one since.
import type { DamagedImage } from '../../../shared/data-care.js';

/** More are not remembered one by one; the next check counts them. */
const MAX_REMEMBERED = 100_000;

export class DamagedImages {
  #bySha256 = new Map<string, DamagedImage>();

  /** What a whole check found replaces what was known. */
  replace(found: readonly DamagedImage[]): void {
    this.#bySha256 = new Map(found.map((image) => [image.sha256, image]));
  }

  note(image: DamagedImage): void {
    if (this.#bySha256.size < MAX_REMEMBERED) this.#bySha256.set(image.sha256, image);
  }

  /** It was found sound, or put right. */
  clear(sha256: string): void {
    this.#bySha256.delete(sha256);
  }

  find(sha256: string): DamagedImage | null {
    return this.#bySha256.get(sha256) ?? null;
  }

  list(): DamagedImage[] {
    return [...this.#bySha256.values()];
  }
}
