// Everything from a fresh clone to the count of its tests.
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { addCounts, describeCount, NO_TESTS, runSuite } from './run-suite.mjs';
import { describeSecondTries } from './second-tries.mjs';
import { prepareTestTools } from './test-tools.mjs';

/** Runs all suites that can run here and prints the count as the last line; the exit status is 0 when none failed. */
export async function test() {
  await ensureInstalled();
  const { env, missing } = await prepareTestTools();
  await ensureBuilt();
  let count = NO_TESTS;
  for (const suite of ['unit', 'sim', 'contract', 'slow', 'e2e', 'e2e-slow', 'e2e-calm', 'desktop', 'desktop-slow']) {
    if (missing.some((tool) => tool.suites.includes(suite))) continue;
    count = addCounts(count, await runSuite(suite, env));
  }
  for (const { message } of missing) console.log(message);
  console.log(describeSecondTries(count.secondTries));
  console.log(describeCount(count));
  return count.failed === 0 && count.passed > 0 ? 0 : 1;
}
