// Whatever has a name, found by words of it.
import type { FindNamesInput } from '../../../shared/api/name-inputs.js';
import { type FoundName, NAMED_KINDS } from '../../../shared/found-name.js';
import { rankMatch, wordsOf } from '../../../shared/match-words.js';
import type { NameRepository } from '../../adapters/storage/name-repository.js';

/** Of each kind so many of the newest that fit are looked at: enough for the best of them to be among a page. */
const MAX_CANDIDATES = 500;

export class NameFinder {
  readonly #names: NameRepository;

  constructor(names: NameRepository) {
    this.#names = names;
  }

  /** The best first, then the newest; no kind takes more than half of the page as long as another has names too. */
  find({ words, kinds = [...NAMED_KINDS], limit }: FindNamesInput): FoundName[] {
    const asked = wordsOf(words);
    const found = kinds.map((kind) =>
      this.#names
        .find(kind, asked, MAX_CANDIDATES)
        .flatMap((name) => {
          const rank = rankMatch(kind === 'node' ? `${name.name} ${name.of?.name ?? ''}` : name.name, asked);
          return rank === null ? [] : [{ name, rank }];
        })
        .toSorted(byRankThenAge),
    );
    const share = Math.ceil(limit / 2);
    const first = found.flatMap((ofKind) => ofKind.slice(0, share)).toSorted(byRankThenAge);
    const rest = found.flatMap((ofKind) => ofKind.slice(share)).toSorted(byRankThenAge);
    const page = [...first.slice(0, limit), ...rest].slice(0, limit);
    return page.toSorted(byRankThenAge).map(({ name }) => name);
  }
}

interface Ranked {
  name: FoundName;
  rank: number;
}

function byRankThenAge(left: Ranked, right: Ranked): number {
  return left.rank - right.rank || (right.name.atMs ?? 0) - (left.name.atMs ?? 0);
}
