// Which captions stay, everything questionable counted.
import type { ImportCounts, ImportOptions } from '../../../../shared/dataset.js';
import type { Caption, CaptionEntry } from './caption-layout.js';
import { SeenTexts } from './seen-texts.js';

const MALFORMED_NAMED = 10;

export class Selection {
  readonly counts: ImportCounts = { lines: 0, kept: 0, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] };
  readonly #seen = new SeenTexts();

  constructor(private readonly options: Pick<ImportOptions, 'keepOneLetter' | 'keepRepeated'>) {}

  /** Those that stay, in their order. Entries come in the order of the file. */
  choose(entries: readonly CaptionEntry[]): Caption[] {
    const { counts } = this;
    const kept: Caption[] = [];
    for (const { at, caption } of entries) {
      counts.lines++;
      if (!caption) {
        counts.malformed++;
        if (counts.malformedAt.length < MALFORMED_NAMED && counts.malformedAt.at(-1) !== at) counts.malformedAt.push(at);
      } else if (caption.text === '') counts.blank++;
      else if (this.#isKept(caption.text)) kept.push(caption);
    }
    counts.kept += kept.length;
    return kept;
  }

  /** Counts what is questionable about a caption and says whether it stays. One that is dropped for its length is not also a repetition. */
  #isKept(text: string): boolean {
    if (/^.$/u.test(text)) {
      this.counts.oneLetter++;
      if (!this.options.keepOneLetter) return false;
    }
    if (this.#seen.add(text)) return true;
    this.counts.repeated++;
    return this.options.keepRepeated;
  }
}
