import { expect, test } from 'vitest';

interface TestResult {
  fullName: string;
  status: string;
  failureMessages: string[];
}

// The scripts are plain JavaScript without types.
const MODULE = '../../../scripts/lib/second-tries.mjs';
const { findSecondTries, describeSecondTries } = (await import(MODULE)) as {
  findSecondTries(report: { testResults: { name: string; assertionResults: TestResult[] }[] }): string[];
  describeSecondTries(names: string[]): string;
};

const result = (fullName: string, status: string, failureMessages: string[] = []): TestResult => ({ fullName, status, failureMessages });

test('a test that passed after a failure is named with what its first try said', () => {
  const testResults = [
    {
      name: '/home/somebody/project/test/e2e/runs.test.ts',
      assertionResults: [
        result('runs once', 'passed'),
        result('runs at last', 'passed', ['Error: The window was not there\n    at somewhere']),
        result('never runs', 'failed', ['Error: no', 'Error: no']),
      ],
    },
  ];

  const names = findSecondTries({ testResults });

  expect(names).toEqual(['test/e2e/runs.test.ts: runs at last (Error: The window was not there)']);
  expect(describeSecondTries(names)).toBe(
    '1 test needed a second try:\n  test/e2e/runs.test.ts: runs at last (Error: The window was not there)',
  );
  expect(describeSecondTries([])).toBe('No test needed a second try.');
});
