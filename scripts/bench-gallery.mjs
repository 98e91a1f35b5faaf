// `npm run bench:gallery`: runs test/bench/bench-gallery.ts. Makes its own data folder, measures, asserts nothing.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { runBench } = await import('./lib/run-bench.mjs');
  return runBench('bench-gallery');
});
