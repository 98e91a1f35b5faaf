// All that must hold before a change is taken, in order of what it costs; stops at the first step that fails.
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { Failure } from './failure.mjs';
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { addCounts, describeCount, NO_TESTS, runSuite } from './run-suite.mjs';
import { runFaults } from './run-faults.mjs';
import { describeSecondTries } from './second-tries.mjs';
import { prepareTestTools } from './test-tools.mjs';

const TYPE_CHECKS = [
  ['typescript/bin/tsc', 'tsconfig.shared.json'],
  ['typescript/bin/tsc', 'tsconfig.node.json'],
  ['vue-tsc/bin/vue-tsc.js', 'tsconfig.web.json'],
  ['typescript/bin/tsc', 'tsconfig.test.json'],
];

const NOT_RUN = 'not run';

/** Runs every step and prints how long each took, then the count of tests as the last line; the exit status is 0 when all hold. */
export async function check() {
  await ensureInstalled();
  let count = NO_TESTS;
  let tools = { env: {}, missing: [] };

  const suite = (name) => async () => {
    const { message, isOptional } = tools.missing.find((tool) => tool.suite === name) ?? {};
    if (isOptional) return NOT_RUN;
    if (message) throw new Failure(message);
    const result = await runSuite(name, tools.env);
    count = addCounts(count, result);
    if (result.failed > 0) throw new Failure(`${result.failed} of the ${name} tests failed.`);
  };

  const faults = async () => {
    const result = await runFaults();
    count = addCounts(count, result);
    if (result.failed > 0) throw new Failure(`${result.failed} of the faults left something violated.`, 'How to repeat each is above.');
  };

  const steps = [
    ['format', () => runTool('prettier/bin/prettier.cjs', '--check', '.')],
    ['lint', () => runTool('eslint/bin/eslint.js', '--cache', '--cache-location', '.cache/eslint/', '.')],
    ['layers', () => runTool('dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', '.dependency-cruiser.cjs')],
    ['dead code', () => runTool('knip/bin/knip.js')],
    [
      'types',
      async () => {
        for (const [compiler, project] of TYPE_CHECKS) await runTool(compiler, '-p', project);
      },
    ],
    [
      'test tools',
      async () => {
        tools = await prepareTestTools();
      },
    ],
    ['unit tests', suite('unit')],
    ['build', ensureBuilt],
    ['contract tests', suite('contract')],
    ['faults', faults],
    ['browser tests', suite('e2e')],
    ['desktop tests', suite('desktop')],
  ];

  const failedStep = await runSteps(steps);
  for (const { message } of tools.missing) console.log(message);
  if (failedStep) console.log(`Stopped at: ${failedStep}`);
  console.log(describeSecondTries(count.secondTries));
  console.log(describeCount(count));
  return failedStep || tools.missing.some(({ isOptional }) => !isOptional) ? 1 : 0;
}

/** Runs the steps in turn and prints their durations; returns the name of the one that failed, or null. */
async function runSteps(steps) {
  const rows = [];
  let failedStep = null;
  for (const [name, run] of steps) {
    if (failedStep) {
      rows.push([name, NOT_RUN]);
      continue;
    }
    console.log(`--- ${name}`);
    const startedAtMs = Date.now();
    let outcome;
    try {
      outcome = await run();
    } catch (error) {
      failedStep = name;
      console.error(error instanceof Failure ? [error.message, error.hint].filter(Boolean).join('\n') : error);
    }
    rows.push([name, outcome ?? `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s${failedStep ? '  failed' : ''}`]);
  }
  console.log('');
  for (const [name, result] of rows) console.log(`${name.padEnd(16)} ${result}`);
  console.log('');
  return failedStep;
}

async function runTool(path, ...args) {
  const { code } = await runCommand(findNode24(), [fromProject('node_modules', path), ...args]);
  if (code !== 0) throw new Failure(`${path.split('/')[0]} is not content.`, 'Its words are above.');
}
