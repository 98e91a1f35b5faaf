// Bundles a program of test/bench and runs it on Node.js 24.
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runForeground } from './run-command.mjs';

/** Runs test/bench/<name>.ts with the words of the command line; returns its exit status. */
export async function runBench(name) {
  const { build } = await import('esbuild');
  const bundlePath = fromProject(`out/bench/${name}.mjs`);
  await build({
    entryPoints: [fromProject(`test/bench/${name}.ts`)],
    outfile: bundlePath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
  const { code } = await runForeground(findNode24(), [bundlePath, ...process.argv.slice(2)], {});
  return code ?? 1;
}
