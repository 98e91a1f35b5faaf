// Names that are longer than their room. Names of runs and groups often differ at their end, so what is cut is their middle. Pure.

/** At most `limit` characters, by code points. */
export function shortenMiddle(name: string, limit: number): string {
  const characters = Array.from(name);
  if (characters.length <= limit) return name;
  const tail = Math.floor((limit - 1) / 2);
  const head = limit - 1 - tail;
  return `${characters.slice(0, head).join('').trimEnd()}…${characters
    .slice(characters.length - tail)
    .join('')
    .trimStart()}`;
}

/**
 * A name that is too long on two lines: as many of its last words as the second has room for, and before them the rest, cut in its middle. Of
 * names that say at their end what they are of, as those of a series' runs, both ends are to be read.
 */
export function wrapFromEnd(name: string, limit: number): string[] {
  const characters = Array.from(name);
  const space = characters.indexOf(' ', characters.length - limit - 1);
  if (characters.length <= limit || space < 0) return [shortenMiddle(name, limit)];
  return [shortenMiddle(characters.slice(0, space).join(''), limit), characters.slice(space + 1).join('')];
}

/** On up to `lines` lines of at most `limit` characters, broken at spaces; the last line is cut where that is not enough. */
export function wrapName(name: string, { limit, lines }: { limit: number; lines: number }): string[] {
  const wrapped: string[] = [];
  let rest = Array.from(name);
  while (rest.length > limit && wrapped.length < lines - 1) {
    const space = rest.lastIndexOf(' ', limit);
    const end = space > 0 ? space : limit;
    wrapped.push(rest.slice(0, end).join(''));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...wrapped, shortenMiddle(rest.join(''), limit)];
}
