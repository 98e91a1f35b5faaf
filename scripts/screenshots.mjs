// `node scripts/screenshots.mjs [--dark] [--all] [--out DIR]`: makes the pictures of docs/images again from the program itself, in about a quarter of an hour.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  return runTestProgram('test/support/take-screenshots.ts', process.argv.slice(2));
});
