// Bundles the entry of a child process as the real build does, so that tests can fork it from its TypeScript source. Each is bundled once for
// all files of a run of tests, and lies in the run's own folder (entries-setup.ts).
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { inject } from 'vitest';
import './entries-setup.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** `source` is relative to the project's root. Packages stay outside the bundle unless `isSelfContained`. Returns the bundle's path. */
export async function buildEntry(source: string, options: { isSelfContained?: boolean } = {}): Promise<string> {
  const path = join(inject('entriesDir'), `${source.replace(/\W+/g, '-')}${options.isSelfContained ? '-self-contained' : ''}.mjs`);
  if (existsSync(path)) return path;
  // Two workers may build it at once: whole it appears, and the same, from either.
  const unfinished = `${path}.${process.pid}`;
  await build({
    entryPoints: [join(ROOT, source)],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
    ...(options.isSelfContained
      ? { banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } }
      : { packages: 'external' as const }),
  });
  await rename(unfinished, path);
  return path;
}
