// `npm run bench`: bundles test/bench/run.ts and runs it on Node.js 24. Needs a build (it makes one), measures, asserts nothing.
import { findNode24 } from './lib/node-24.mjs';
import { requireNodeVersion, runMain } from './lib/failure.mjs';
import { fromProject } from './lib/paths.mjs';
import { runForeground } from './lib/run-command.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { ensureBuilt } = await import('./lib/ensure-built.mjs');
  await ensureBuilt();
  const { build } = await import('esbuild');
  const bundlePath = fromProject('out/bench/run.mjs');
  await build({
    entryPoints: [fromProject('test/bench/run.ts')],
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
});
