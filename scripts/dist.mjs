// `npm run dist`: packages of the desktop program for this system, in dist/.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const { dist } = await import('./lib/packaging/dist.mjs');
  return dist(process.argv.slice(2));
});
