import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

/** The three shells, the core's own process behind the desktop, and the programs that the core runs as child processes or loads on a test's wish, by the name of their file in out/main. */
const mainEntries: Record<string, string> = {
  index: 'src/main/index.ts',
  web: 'src/main/web.ts',
  cli: 'src/main/cli.ts',
  core: 'src/main/programs/core/main.ts',
  'virtual-testbed-host': 'src/main/programs/virtual-nodes/host.ts',
  thumbnailer: 'src/main/programs/thumbnailer/thumbnailer.ts',
  'data-worker': 'src/main/programs/data-worker/data-worker.ts',
  'model-worker': 'src/main/programs/model-worker/model-worker.ts',
  'push-worker': 'src/main/programs/push-worker/push-worker.ts',
  trainer: 'src/main/programs/trainer/trainer.ts',
  evaluator: 'src/main/programs/evaluator/evaluator.ts',
  'crash-points': 'src/main/composition/crash-points.ts',
};

const presentEntries = Object.fromEntries(
  Object.entries(mainEntries)
    .map(([name, path]) => [name, resolve(import.meta.dirname, path)] as const)
    .filter(([, path]) => existsSync(path)),
);

/** Beside each bundle stands what packages are in it, with their licenses: the notices of a package are made of these. */
const license = { fileName: 'bundled-packages.json' };

/**
 * Packages that go into the bundles: read as a few files instead of hundreds, which is half the time that a command takes to start. The
 * others stay outside: they have natives (better-sqlite3, onnxruntime-node, sharp, ssh2) or declare a `require` beside the one that the
 * bundler declares (fflate).
 */
const bundledPackages = [
  '@bufbuild/protobuf',
  '@connectrpc/connect',
  '@connectrpc/connect-node',
  '@peculiar/x509',
  '@trpc/client',
  '@trpc/server',
  'commander',
  'csv-parse',
  'csv-stringify',
  'pino',
  'reflect-metadata',
  'ws',
  'zod',
];

/** What a build is made of; null is not known. A folder that merely lies in another repository has no commit of its own. */
function readBuildFacts(folder: string): { commit: string | null; isModified: boolean | null; lockfileSha256: string | null } {
  const git = (...words: string[]): string | null => {
    if (!existsSync(resolve(folder, '.git'))) return null;
    try {
      return execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return null;
    }
  };
  const commit = git('rev-parse', 'HEAD');
  const changes = commit === null ? null : git('status', '--porcelain', '--untracked-files=no');
  const lockfile = resolve(folder, 'package-lock.json');
  return {
    commit,
    isModified: changes === null ? null : changes !== '',
    lockfileSha256: existsSync(lockfile) ? createHash('sha256').update(readFileSync(lockfile)).digest('hex') : null,
  };
}

export default defineConfig({
  main: {
    // Records say what they were made with (src/main/foundation/build-facts.ts).
    define: { __BUILD_FACTS__: JSON.stringify(readBuildFacts(import.meta.dirname)) },
    build: {
      license,
      externalizeDeps: { exclude: bundledPackages },
      target: 'node24',
      outDir: 'out/main',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: presentEntries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      license,
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file that may require nothing but Electron's own subset.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(import.meta.dirname, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    build: {
      license,
      outDir: resolve(import.meta.dirname, 'out/renderer'),
      target: 'chrome140',
      minify: true,
      emptyOutDir: true,
      rolldownOptions: {
        input: resolve(import.meta.dirname, 'src/renderer/index.html'),
        output: {
          // A file is a request: what the first view needs comes in one, and what views share in a few instead of one a module.
          codeSplitting: {
            groups: [
              { name: 'start', tags: ['$initial'], priority: 2 },
              { name: 'icons', test: /[\\/]@lucide[\\/]/, minShareCount: 2, priority: 1 },
              {
                name: 'controls',
                test: /[\\/]node_modules[\\/](reka-ui|@floating-ui|aria-hidden)[\\/]|[\\/]src[\\/]renderer[\\/](components|composables|commands)[\\/]/,
                minShareCount: 3,
                priority: 1,
              },
            ],
          },
        },
      },
    },
    plugins: [vue(), tailwindcss()],
  },
});
