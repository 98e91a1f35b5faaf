// `npm run bench:training`: runs test/bench/training.ts. Needs no build, measures, asserts nothing.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { runBench } = await import('./lib/run-bench.mjs');
  return runBench('training');
});
