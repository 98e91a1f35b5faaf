// A program of test/ that is no test: bundled into out/ and run on Node.js 24, over a current build.
import { basename } from 'node:path';
import { bundleTestProgram } from './bundle-test-program.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runForeground } from './run-command.mjs';

/** `entry` as in `test/bench/run.ts`; the bundle lies as deep in out/ as the entry in test/. Returns the exit status. */
export async function runTestProgram(entry, args) {
  await ensureInstalled();
  await ensureBuilt();
  const folder = entry.split('/').at(-2);
  const bundlePath = fromProject('out', folder, `${basename(entry, '.ts')}.mjs`);
  await bundleTestProgram(fromProject(entry), bundlePath);
  const { code } = await runForeground(findNode24(), [bundlePath, ...args], {});
  return code ?? 1;
}
