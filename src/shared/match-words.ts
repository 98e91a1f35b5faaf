// How what is typed finds names: every word has to be in them, in any order; words that a name's words start with come first.

/** Words as they are compared: in lower case, one of each. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))];
}

/**
 * How well a text fits, 0 the best; null where a word is not in it. What counts first is how many words are only inside a word of the text
 * (“orin” in “Tutorino”), then whether the text itself starts with one of them.
 */
export function rankMatch(text: string, words: readonly string[]): number | null {
  const folded = text.toLowerCase();
  let inside = 0;
  for (const word of words) {
    const place = placeOf(folded, word);
    if (place === null) return null;
    if (place === 'inside') inside += 1;
  }
  const isAtStart = words.length === 0 || words.some((word) => folded.startsWith(word));
  return inside * 2 + (isAtStart ? 0 : 1);
}

/** The best first; equal ones stay in their order. */
export function sortByMatch<T>(items: readonly T[], textOf: (item: T) => string, words: readonly string[]): T[] {
  return items
    .flatMap((item) => {
      const rank = rankMatch(textOf(item), words);
      return rank === null ? [] : [{ item, rank }];
    })
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

function placeOf(text: string, word: string): 'start' | 'inside' | null {
  let at = text.indexOf(word);
  if (at < 0) return null;
  for (; at >= 0; at = text.indexOf(word, at + 1)) if (at === 0 || isBetweenWords(text, at)) return 'start';
  return 'inside';
}

/** Names are of words and numbers with signs between: "node-3", "LAD-TS 500 #2", "reSD3-m". */
function isBetweenWords(text: string, at: number): boolean {
  const [before = '', first = ''] = [text[at - 1], text[at]];
  return !/[\p{L}\p{N}]/u.test(before) || (/\p{N}/u.test(first) && !/\p{N}/u.test(before));
}
