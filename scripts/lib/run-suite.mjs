// One suite of tests with Vitest, and its count.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { findSecondTries } from './second-tries.mjs';
import { readCosts, recordCosts } from './test-costs.mjs';

export const NO_TESTS = { passed: 0, failed: 0, skipped: 0, secondTries: [], costs: [] };

/**
 * Runs a suite (a project of vitest.config.ts) and returns { passed, failed, skipped, secondTries, costs }; a suite that breaks
 * counts as a failure. `show` as in `runCommand`.
 */
export async function runSuite(suite, env = {}, show = true) {
  const reportPath = fromProject('.cache', `tests-${suite}.json`);
  const costsPath = fromProject('.cache', `costs-${suite}.jsonl`);
  mkdirSync(fromProject('.cache'), { recursive: true });
  rmSync(reportPath, { force: true });
  const { code } = await runCommand(
    findNode24(),
    [
      fromProject('node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      suite,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportPath}`,
    ],
    { env: { ...process.env, ...env, ...recordCosts(costsPath) }, show },
  );
  const count = { ...countTests(reportPath), costs: readCosts(suite, costsPath) };
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

export function addCounts(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    secondTries: [...one.secondTries, ...other.secondTries],
    costs: [...one.costs, ...other.costs],
  };
}

/** The last line of `npm test` and `npm run check`. */
export function describeCount({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function countTests(reportPath) {
  try {
    const report = JSON.parse(readFileSync(reportPath, 'utf8'));
    // A file that does not load has no tests, and must not look like success.
    const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + brokenFiles,
      skipped: report.numPendingTests + (report.numTodoTests ?? 0),
      secondTries: findSecondTries(report),
    };
  } catch {
    return NO_TESTS;
  }
}
