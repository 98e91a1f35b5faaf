// `npm run bench`: runs test/bench/run.ts. Needs a build (it makes one), measures, asserts nothing.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { ensureBuilt } = await import('./lib/ensure-built.mjs');
  await ensureBuilt();
  const { runBench } = await import('./lib/run-bench.mjs');
  return runBench('run');
});
