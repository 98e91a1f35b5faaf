// Command lines of this program as they are shown for a terminal: quoted for POSIX shells.

/** A word of a POSIX shell, quoted only where it has to be. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9._:/=+@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `npm run cli -- WORD WORD`. */
export function commandLine(words: readonly string[]): string {
  return ['npm run cli --', ...words.map(quoteWord)].join(' ');
}

/** What commands that take a name or an id find this one by: its name where that is plain and no other has it, else its id. */
export function wordFor<T extends { id: string; name: string }>(item: T, all: readonly T[]): string {
  const isPlain = /^[\p{L}\p{N}][\p{L}\p{N} ._:()-]*$/u.test(item.name);
  return isPlain && all.filter(({ name }) => name === item.name).length === 1 ? item.name : item.id;
}
