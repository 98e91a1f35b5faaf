// Bundles the entry of a child process as the real build does, so that tests can fork it from its TypeScript source.
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

export interface BuiltEntry {
  path: string;
  remove(): Promise<void>;
}

/** `source` is relative to the project's root. Packages stay outside the bundle unless `isSelfContained`. The caller removes it. */
export async function buildEntry(source: string, options: { isSelfContained?: boolean } = {}): Promise<BuiltEntry> {
  // Inside the project, so that packages resolve.
  const path = join(ROOT, '.cache', 'test-entries', `${source.replace(/\W+/g, '-')}-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [join(ROOT, source)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
    ...(options.isSelfContained
      ? { banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } }
      : { packages: 'external' as const }),
  });
  return { path, remove: () => rm(path, { force: true }) };
}
