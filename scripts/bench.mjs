// `npm run bench`: measures the program; asserts nothing. Needs a build (it makes one).
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  return runTestProgram('test/bench/run.ts', process.argv.slice(2));
});
