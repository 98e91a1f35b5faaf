import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a person would read first, of what is shipped beside the program; null where none is. */
export function findDocumentation(programDir: string): string | null {
  const candidates = ['README.html', 'README.md'];
  return candidates.map((name) => join(programDir, name)).find((path) => existsSync(path)) ?? null;
}
