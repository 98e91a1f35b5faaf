// `npm run bench:window`: runs test/bench/bench-window.ts over the built program. Measures the window in a browser, asserts nothing.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  return runTestProgram('test/bench/bench-window.ts', process.argv.slice(2));
});
