// All that must hold before a change is taken: first what needs no built program, side by side; then the suites that take the whole machine,
// one after the other, and last the one that starts runs which must end valid. Stops at the first step that fails.
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { Failure } from './failure.mjs';
import { lintWords } from './lint-words.mjs';
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runFaults } from './run-faults.mjs';
import { NOT_RUN, runStages } from './run-stages.mjs';
import { addCounts, describeCount, NO_TESTS, runSuite } from './run-suite.mjs';
import { describeSecondTries } from './second-tries.mjs';
import { describeDearFiles } from './test-costs.mjs';
import { prepareTestTools } from './test-tools.mjs';

const TYPE_CHECKS = [
  ['typescript/bin/tsc', 'tsconfig.shared.json'],
  ['typescript/bin/tsc', 'tsconfig.node.json'],
  ['vue-tsc/bin/vue-tsc.js', 'tsconfig.web.json'],
  ['typescript/bin/tsc', 'tsconfig.test.json'],
];
const HELD_BACK = 'at the end';

/**
 * Runs every step and prints how long each took, then the count of tests as the last line; the exit status is 0 when all hold. `withSlow` adds
 * the faults, and the tests that cost more than their share.
 */
export async function check({ withSlow }) {
  await ensureInstalled();
  let count = NO_TESTS;
  let tools = { env: {}, missing: [] };

  const suite =
    (name, show = true) =>
    async () => {
      const { message, isOptional } = tools.missing.find((tool) => tool.suites.includes(name)) ?? {};
      if (isOptional) return NOT_RUN;
      if (message) throw new Failure(message);
      const result = await runSuite(name, tools.env, show);
      count = addCounts(count, result);
      if (result.failed > 0) throw new Failure(`${result.failed} of the ${name} tests failed.`);
    };

  const slow = (name, show) => (withSlow ? suite(name, show) : () => NOT_RUN);

  const types = async () => {
    for (const [compiler, project] of TYPE_CHECKS) {
      const record = `.cache/types/${project.replace('.json', '.tsbuildinfo')}`;
      await runTool(compiler, '-p', project, '--incremental', '--tsBuildInfoFile', record);
    }
  };

  const faults = async () => {
    const result = await runFaults();
    count = addCounts(count, result);
    if (result.failed > 0) throw new Failure(`${result.failed} of the faults left something violated.`, 'How to repeat each is above.');
  };

  const withoutProgram = [
    {
      name: 'test tools',
      waits: true,
      run: async () => {
        tools = await prepareTestTools();
      },
    },
    { name: 'lint', run: () => runTool('eslint/bin/eslint.js', '--cache', '--cache-location', '.cache/eslint/', '.') },
    { name: 'words', run: lintWords },
    { name: 'types', run: types },
    {
      name: 'format',
      run: () => runTool('prettier/bin/prettier.cjs', '--check', '--cache', '--cache-location', '.cache/prettier.json', '.'),
    },
    { name: 'layers', run: () => runTool('dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--config', '.dependency-cruiser.cjs') },
    { name: 'dead code', run: () => runTool('knip/bin/knip.js') },
    { name: 'unit tests', run: suite('unit', HELD_BACK) },
    { name: 'sim tests', run: suite('sim', HELD_BACK) },
    { name: 'build', run: ensureBuilt },
  ];
  const withProgram = [
    { name: 'contract tests', run: suite('contract') },
    { name: 'faults', run: withSlow ? faults : () => NOT_RUN },
    { name: 'slow tests', run: slow('slow') },
  ];
  // One after the other: two browsers and a desktop beside each other leave none of them its seconds on two cores.
  const withWindow = [
    { name: 'browser tests', run: suite('e2e') },
    { name: 'slow browser', run: slow('e2e-slow') },
    { name: 'desktop tests', run: suite('desktop', HELD_BACK) },
    { name: 'slow desktop', run: slow('desktop-slow', HELD_BACK) },
    { name: 'calm tests', run: suite('e2e-calm') },
  ];

  const failedStep = await runStages([{ steps: withoutProgram, isSideBySide: true }, { steps: withProgram }, { steps: withWindow }]);
  for (const { message } of tools.missing) console.log(message);
  if (failedStep) console.log(`Stopped at: ${failedStep}`);
  console.log([describeSecondTries(count.secondTries), describeDearFiles(count.costs)].filter(Boolean).join('\n'));
  console.log(describeCount(count));
  return failedStep || tools.missing.some(({ isOptional }) => !isOptional) ? 1 : 0;
}

async function runTool(path, ...args) {
  const { code } = await runCommand(findNode24(), [fromProject('node_modules', path), ...args], { show: HELD_BACK });
  if (code !== 0) throw new Failure(`${path.split('/')[0]} is not content.`, 'Its words are above.');
}
