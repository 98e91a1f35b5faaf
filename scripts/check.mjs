// `npm run check`. Runs on Node.js 20 with nothing installed.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { check } = await import('./lib/check.mjs');
  return check();
});
