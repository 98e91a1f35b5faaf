// Tests that held only at their second try. The browser and the desktop may have one on the CI (vitest.config.ts); it must not go unseen.

/** The names of those in a report of Vitest's, each with what its first try said. A test that passed and yet has failures was tried again. */
export function findSecondTries({ testResults }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(
        ({ fullName, failureMessages }) => `${name.replace(/^.*\/test\//, 'test/')}: ${fullName} (${failureMessages[0].split('\n')[0]})`,
      ),
  );
}

/** For the end of a run of all suites. */
export function describeSecondTries(names) {
  if (names.length === 0) return 'No test needed a second try.';
  return [`${names.length} ${names.length === 1 ? 'test' : 'tests'} needed a second try:`, ...names.map((name) => `  ${name}`)].join('\n');
}
