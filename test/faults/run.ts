// `npm run faults`: faults from outside into the built program, each followed by the invariants. docs/faults.md tells what there is.
import { writeFileSync } from 'node:fs';
import { allFaults } from './all-faults.js';
import { HELP, type Options, parseOptions } from './options.js';
import { type Outcome, pickInjections, runFaults } from './run-faults.js';

const words = process.argv.slice(2);
if (words.includes('--help') || words.includes('-h')) say(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options;
  let injections;
  try {
    options = parseOptions(words);
    injections = pickInjections(allFaults, options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}\n`);
    return 2;
  }
  const { seed, isLong, jobs, report } = options;
  if (options.isList) {
    for (const { name, isShort, whyNot } of allFaults) {
      const reason = whyNot?.() ?? null;
      say(`${name.padEnd(26)} ${isShort ? 'short and long' : 'long'}${reason === null ? '' : `; not here: ${reason}`}`);
    }
    return 0;
  }
  say(`${injections.length} faults, ${isLong ? 'long' : 'short'} form, seed ${seed}, ${jobs} side by side`);
  const outcomes = await runFaults(injections, {
    seed,
    isLong,
    jobs,
    onOutcome: (outcome) => print(outcome, { seed, isLong }),
  });
  const count = (state: Outcome['state']): number => outcomes.filter((outcome) => outcome.state === state).length;
  const counts = { passed: count('ok'), failed: count('violated'), notRun: count('not-run') };
  say(`${counts.passed} held, ${counts.failed} violated${counts.notRun > 0 ? `, ${counts.notRun} not run` : ''}`);
  if (report !== null) writeFileSync(report, JSON.stringify(counts));
  return counts.failed === 0 ? 0 : 1;
}

function print({ label, state, sec, reason, keptDir }: Outcome, { seed, isLong }: Pick<Options, 'seed' | 'isLong'>): void {
  const head = `${label.padEnd(26)} seed ${seed} ${sec.toFixed(1).padStart(6)} s  `;
  if (state === 'ok') return say(`${head}ok${reason === null ? '' : `, ${reason}`}`);
  if (state === 'not-run') return say(`${head}not run: ${reason}`);
  say(`${head}VIOLATED: ${reason}`);
  say(`  Again: npm run faults -- --seed ${seed} --only ${label}${isLong ? ' --long' : ''}`);
  say(`  Data folder and transcript: ${keptDir}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
