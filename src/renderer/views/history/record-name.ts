// How the name of a record is written where it has little room. Pure.
const MAX_TAIL_LENGTH = 18;

/** Without the series' name in front of it, where that is told beside it. */
export function shortenName(name: string, seriesName: string | null): string {
  const start = `${seriesName}: `;
  return seriesName !== null && name.startsWith(start) && name.length > start.length ? name.slice(start.length) : name;
}

/** An equals sign stays on the line of its two sides. */
export function keepEqualsTogether(name: string): string {
  return name.replaceAll(' = ', '\u00A0=\u00A0');
}

/** What may be cut, and the end that stays: what comes after the last comma, or else the last word. The end is empty where both are long. */
export function splitName(name: string): [head: string, tail: string] {
  for (const separator of [', ', ' ']) {
    const at = name.lastIndexOf(separator);
    const start = at + separator.length;
    const length = name.length - start;
    if (at > 0 && length > 0 && length <= MAX_TAIL_LENGTH) return [name.slice(0, start), name.slice(start)];
  }
  return [name, ''];
}
