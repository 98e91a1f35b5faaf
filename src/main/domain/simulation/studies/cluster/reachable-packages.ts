// Which packages a built program of this project loads: what it imports, and what those need in turn.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** `from "x"`, `import "x"` and `import("x")` as the bundler writes them. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\n]+)["']/g;

const names = z.record(z.string(), z.unknown()).optional();
const manifestSchema = z.object({ dependencies: names, optionalDependencies: names });

/** Folders below node_modules, relative to `programDir`, each once. `entries` are absolute paths of built files. */
export function findReachablePackages(programDir: string, entries: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, fromFolder: string): void => {
    const folder = locate(programDir, name, fromFolder);
    if (folder === null || found.has(folder)) return;
    found.add(folder);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(programDir, folder, 'package.json'), 'utf8')));
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) visit(next, folder);
  };
  for (const name of importedPackages(entries)) visit(name, '.');
  return [...found].sort();
}

function importedPackages(entries: readonly string[]): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const read = (path: string): void => {
    if (seen.has(path) || !existsSync(path)) return;
    seen.add(path);
    for (const [, word = ''] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      if (word.startsWith('.')) read(join(dirname(path), word));
      else if (!isBuiltin(word)) packages.add(packageNameOf(word));
    }
  };
  entries.forEach(read);
  return packages;
}

/** `@scope/name/part` is of `@scope/name`. */
function packageNameOf(word: string): string {
  return word.split('/', word.startsWith('@') ? 2 : 1).join('/');
}

/** As Node.js looks: beside the one that asks, then upwards. Null where it is not installed, as packages of other systems are. */
function locate(programDir: string, name: string, fromFolder: string): string | null {
  for (let folder = fromFolder; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(programDir, candidate, 'package.json'))) return candidate;
    if (folder === '.') return null;
  }
}
