// Short identifiers that are safe in file names, DNS labels and URLs.
import { randomInt } from 'node:crypto';

/** No letters or digits that are easily confused when read aloud or typed. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `prefix-` and ten random characters (about 49 bits): unique within one laboratory's data. */
export function newId(prefix: string): string {
  let suffix = '';
  for (let i = 0; i < 10; i++) suffix += ALPHABET.charAt(randomInt(ALPHABET.length));
  return `${prefix}-${suffix}`;
}
