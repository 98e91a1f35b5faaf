// `npm test`. Runs on Node.js 20 with nothing installed.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { test } = await import('./lib/test.mjs');
  return test();
});
