// What a command ends with, as its help and docs/cli.md say it. Which error has which status is in ERROR_CODES.

/** Every exit status of the command line with its meaning, in ascending order. */
export const EXIT_STATUSES: readonly { status: number; meaning: string }[] = [
  { status: 0, meaning: 'done' },
  { status: 1, meaning: 'internal error' },
  { status: 2, meaning: 'wrong use or bad input' },
  { status: 3, meaning: 'not found' },
  { status: 4, meaning: 'conflict or data folder in use' },
  { status: 5, meaning: 'partly failed' },
  { status: 6, meaning: 'node unreachable or failed' },
  { status: 7, meaning: 'host key unknown, changed or revoked' },
  { status: 8, meaning: 'disk or database' },
  { status: 9, meaning: 'not supported' },
  { status: 130, meaning: 'interrupted' },
];

/** `Exit status: 0 done; 1 ...`, the end of the help: two lines, no wider than its others. */
export function describeExitStatuses(): string {
  const words = EXIT_STATUSES.map(({ status, meaning }) => `${status} ${meaning}`);
  return `Exit status: ${words.slice(0, 5).join('; ')};\n${words.slice(5).join('; ')}.`;
}
