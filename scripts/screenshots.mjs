// `npm run screenshots [-- --out DIR --only NAME,NAME --counts N,N]`: makes the pictures of docs/images again from the built program, light and dark, in
// about a quarter of an hour: the runs that they show are run. With `--all`: every state of the window in three sizes and both themes, into
// .cache/screenshots, to be looked at.
import { requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { runTestProgram } = await import('./lib/run-test-program.mjs');
  const args = process.argv.slice(2);
  return runTestProgram(args.includes('--all') ? 'test/support/picture-all-states.ts' : 'test/support/take-screenshots.ts', args);
});
