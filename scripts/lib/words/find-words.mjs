// Finds words of the list in names and texts: pure.
import { KEPT_NAMES, NAME_PARTS, NAMES, PHRASES } from './word-list.mjs';

const parts = NAME_PARTS.map(([word, instead]) => [new RegExp(`^(?:${word})$`), instead]);
const names = NAMES.map(([word, instead]) => [new RegExp(`^(?:${word})$`), instead]);
const phrases = PHRASES.map(([word, instead]) => [new RegExp(`(?<![\\w-])(?:${word.replaceAll(' ', '\\s+')})(?![\\w])`, 'gi'), instead]);
const kept = new Set(KEPT_NAMES);

/** The words of a name that are not used, each with what is written instead: `[['start', 'start']]`. */
export function findWordsInName(name) {
  const bare = name.replace(/^#/, '');
  if (kept.has(bare)) return [];
  const found = bare
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .flatMap((part) => parts.filter(([word]) => word.test(part)).map(([, instead]) => [part, instead]));
  return [...found, ...names.filter(([word]) => word.test(bare)).map(([, instead]) => [bare, instead])];
}

/** The phrases of a text that are not used, each with what is written instead and where it starts. Keywords (`BEGIN`) are no words. */
export function findWordsInText(text) {
  return phrases.flatMap(([phrase, instead]) =>
    [...text.matchAll(phrase)]
      .filter(([found]) => found !== found.toUpperCase())
      .map((match) => ({ phrase: match[0], instead, index: match.index })),
  );
}

/** As findWordsInText, in the prose of a page: what is in backticks or a block of code is quoted. With the line, from 1 on. */
export function findWordsInPage(page) {
  const prose = page.replaceAll(/^```[\s\S]*?^```|`[^`\n]+`|\]\([^)]*\)/gm, (code) => code.replaceAll(/[^\n]/g, ' '));
  return findWordsInText(prose).map(({ phrase, instead, index }) => ({ phrase, instead, line: prose.slice(0, index).split('\n').length }));
}

export const describeWord = (word, instead) => `"${word.replaceAll(/\s+/g, ' ')}" is not used here: ${instead} (docs/glossary.md).`;
