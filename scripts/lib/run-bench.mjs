// Bundles a program of test/bench and runs it on Node.js 24.
import { bundleBench } from './bundle-bench.mjs';
import { findNode24 } from './node-24.mjs';
import { projectDir } from './paths.mjs';
import { runForeground } from './run-command.mjs';

/** Runs test/bench/<name>.ts with the given words, or those of the command line; returns its exit status. */
export async function runBench(name, words = process.argv.slice(2)) {
  const { code } = await runForeground(findNode24(), [await bundleBench(projectDir, name, name), ...words], {});
  return code ?? 1;
}
