/** `*` stands for any text, `?` for one character, as in OpenSSH's patterns. No regular expression: a stranger's pattern can't make it slow. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let patternAt = 0;
  let textAt = 0;
  let lastStar = -1;
  let textAtStar = 0;
  while (textAt < text.length) {
    const expected = pattern[patternAt];
    if (expected === '*') {
      lastStar = patternAt++;
      textAtStar = textAt;
    } else if (expected === '?' || (expected !== undefined && expected === text[textAt])) {
      patternAt++;
      textAt++;
    } else if (lastStar >= 0) {
      patternAt = lastStar + 1;
      textAt = ++textAtStar;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === '*') patternAt++;
  return patternAt === pattern.length;
}
