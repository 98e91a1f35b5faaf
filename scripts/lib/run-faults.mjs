// The short form of the faults as a step of the check, and its count. No fault is tried twice.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fromProject } from './paths.mjs';
import { NO_TESTS } from './run-suite.mjs';
import { runTestProgram } from './run-test-program.mjs';

/** Returns { passed, failed, skipped } as `runSuite`; a suite that breaks counts as a failure. Faults that a machine can't have are told by the suite itself. */
export async function runFaults() {
  const reportPath = fromProject('.cache', 'faults.json');
  mkdirSync(fromProject('.cache'), { recursive: true });
  rmSync(reportPath, { force: true });
  const code = await runTestProgram('test/faults/run.ts', ['--report', reportPath]);
  const count = readCount(reportPath);
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function readCount(reportPath) {
  try {
    const { passed, failed, notRun } = JSON.parse(readFileSync(reportPath, 'utf8'));
    return { ...NO_TESTS, passed, failed, skipped: notRun };
  } catch {
    return NO_TESTS;
  }
}
