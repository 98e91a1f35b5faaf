/** A LIKE pattern (with `ESCAPE '\\'`) that finds the text anywhere, its own wildcards taken as letters. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
