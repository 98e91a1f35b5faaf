// `npm start`. Runs on Node.js 20 with nothing installed; an older one gets a clear word before anything newer is loaded.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { start } = await import('./lib/start.mjs');
  return start();
});
