// `npm run bench`: bundles test/bench/run.ts into out/bench and runs it on Node.js 24, with the packages left outside.
import { build } from 'esbuild';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { runMain } from './lib/failure.mjs';
import { findNode24 } from './lib/node-24.mjs';
import { fromProject } from './lib/paths.mjs';
import { runForeground } from './lib/run-command.mjs';

await runMain(async () => {
  await ensureBuilt();
  const outfile = fromProject('out/bench/run.mjs');
  await build({
    entryPoints: [fromProject('test/bench/run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  const { code } = await runForeground(findNode24(), ['--enable-source-maps', outfile, ...process.argv.slice(2)]);
  return code ?? 1;
});
