// `npm run bench:history`: runs test/bench/bench-history.ts. Makes its own data folder, measures, asserts nothing.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { runBench } = await import('./lib/run-bench.mjs');
  return runBench('bench-history');
});
