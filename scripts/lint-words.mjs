// `npm run lint:words`. Runs on Node.js 20 with nothing installed.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { lintWords } = await import('./lib/lint-words.mjs');
  lintWords();
  return 0;
});
