// `npm run check`; with `--all` also the faults and the tests that cost more, as the CI does. Runs on Node.js 20 with nothing installed.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { check } = await import('./lib/check.mjs');
  return check({ withSlow: process.argv.includes('--all') });
});
