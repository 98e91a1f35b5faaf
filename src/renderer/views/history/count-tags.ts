import type { HistoryEntry } from '../../../shared/history.js';

export interface CountedTag {
  tag: string;
  /** On how many of the records it will be. */
  count: number;
  isOnAll: boolean;
}

/** Tags that the records will have once `added` and `removed` are saved, in alphabetical order. */
export function countTags(
  entries: readonly Pick<HistoryEntry, 'tags'>[],
  added: readonly string[],
  removed: readonly string[],
): CountedTag[] {
  const tags = new Set([...entries.flatMap((entry) => entry.tags), ...added]);
  return [...tags]
    .filter((tag) => !removed.includes(tag))
    .sort((left, right) => left.localeCompare(right, 'en'))
    .map((tag) => {
      const count = added.includes(tag) ? entries.length : entries.filter((entry) => entry.tags.includes(tag)).length;
      return { tag, count, isOnAll: count === entries.length };
    });
}

/** Words in a field for tags: with or without a leading #, commas or spaces between. */
export function tagsTyped(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '' && word !== '#');
}
