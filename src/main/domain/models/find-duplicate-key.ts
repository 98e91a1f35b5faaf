const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index of the quote that ends the string which starts at `start`. */
function endOfString(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === BACKSLASH) index++;
    else if (code === QUOTE) return index;
  }
  return json.length;
}

function isKey(json: string, end: number): boolean {
  let index = end + 1;
  while (/\s/.test(json.charAt(index))) index++;
  return json.charAt(index) === ':';
}

/**
 * The first key that is twice in one object of a JSON text, or null. `JSON.parse` keeps the last one and says nothing. The text must
 * be valid JSON: parse it first.
 */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let index = 0; index < json.length; index++) {
    switch (json.charAt(index)) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(null);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(json, index);
        const keys = open.at(-1);
        if (keys && isKey(json, end)) {
          // Escapes are resolved, so that "a" and "\u0061" count as one.
          const key = JSON.parse(json.slice(index, end + 1)) as string;
          if (keys.has(key)) return key;
          keys.add(key);
        }
        index = end;
        break;
      }
    }
  }
  return null;
}
