// The steps of a check: one stage after the other, the steps of a stage in turn or side by side, and a table of what each took.
import { availableParallelism, totalmem } from 'node:os';
import { Failure } from './failure.mjs';

export const NOT_RUN = 'not run';
/** Lint and types hold the whole program in memory, up to 2 GB each. */
const BYTES_PER_SLOT = 3e9;

/**
 * Runs stages of { steps, isSideBySide } with steps of { name, run, waits } (`waits`: for others, so that it takes no processor), and prints
 * their durations. No step starts after one has failed; those under way end. Returns the name of the first that failed, or null.
 */
export async function runStages(stages) {
  const slots = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_PER_SLOT)));
  const results = new Map();
  let failedStep = null;

  const runStep = async ({ name, run }) => {
    console.log(`--- ${name}`);
    const startedAtMs = Date.now();
    let outcome;
    let ending = '';
    try {
      outcome = await run();
    } catch (error) {
      failedStep ??= name;
      ending = '  failed';
      console.error(error instanceof Failure ? [error.message, error.hint].filter(Boolean).join('\n') : error);
    }
    results.set(name, outcome ?? `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s${ending}`);
    console.log(`--- ${name}: ${results.get(name)}`);
  };
  const runInTurn = async (queue) => {
    while (!failedStep && queue.length > 0) await runStep(queue.shift());
  };

  for (const { steps, isSideBySide } of stages) {
    const queue = steps.filter(({ waits }) => !(isSideBySide && waits));
    const beside = failedStep ? [] : steps.filter((step) => !queue.includes(step));
    await Promise.all([...beside.map(runStep), ...Array.from({ length: isSideBySide ? slots : 1 }, () => runInTurn(queue))]);
  }

  console.log('');
  for (const { name } of stages.flatMap(({ steps }) => steps)) console.log(`${name.padEnd(16)} ${results.get(name) ?? NOT_RUN}`);
  console.log('');
  return failedStep;
}
