// `npm run screenshots [-- --out DIR --only NAME,NAME --counts N,N]`: makes the pictures of docs/images again from the built program, light and dark, in
// about a quarter of an hour: the runs that they show are run.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  return runTestProgram('test/support/take-screenshots.ts', process.argv.slice(2));
});
