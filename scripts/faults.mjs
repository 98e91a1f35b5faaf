// `npm run faults`: faults injected into the built program; docs/faults.md.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  return runTestProgram('test/faults/run.ts', process.argv.slice(2));
});
