// `npm run bench:training`: runs test/bench/training.ts. Needs no build, measures, asserts nothing.
// `-- --method lad-ts` measures the learning of that method alone; `-- --against FOLDER [--rounds 3]` measures another checkout in turn.
import { parseArgs } from 'node:util';
import { Failure, requireNodeVersion, runMain } from './lib/failure.mjs';

await runMain(async () => {
  requireNodeVersion();
  const { against, rounds, method } = readOptions();
  const { ensureInstalled } = await import('./lib/ensure-installed.mjs');
  await ensureInstalled();
  const words = method ? ['--method', method] : [];
  if (against === undefined) {
    const { runBench } = await import('./lib/run-bench.mjs');
    return runBench('training', words);
  }
  const { compareBenches } = await import('./lib/compare-benches.mjs');
  return compareBenches('training', { against, rounds: Number(rounds), words });
});

function readOptions() {
  const hint = 'Options: --method NAME, --against FOLDER, --rounds COUNT.';
  try {
    const options = { method: { type: 'string' }, against: { type: 'string' }, rounds: { type: 'string', default: '3' } };
    const { values } = parseArgs({ options });
    if (!/^[1-9]\d*$/.test(values.rounds)) throw new Failure(`The number of rounds is ${values.rounds}.`, 'Give a whole number from 1 on.');
    return values;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(error.message, hint);
  }
}
