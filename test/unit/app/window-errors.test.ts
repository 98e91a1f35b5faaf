import { expect, test } from 'vitest';
import { WindowErrors } from '../../../src/main/domain/app/window-errors.js';
import { SILENT_LOG } from '../../../src/main/adapters/log/log.js';

test('errors are logged so many per minute, and those that were left out are counted', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const errors = new WindowErrors(
    {
      ...SILENT_LOG,
      error: (message, thrown) => lines.push(`${message}: ${String(thrown)}`),
      warn: (message, fields) => lines.push(`${message}: ${fields?.['count']}`),
    },
    () => nowMs,
  );
  for (let i = 0; i < 100; i++) errors.report({ message: `fault ${i}`, stack: null, view: '#/runs' });
  expect(lines).toHaveLength(20);

  nowMs = 60_000;
  errors.report({ message: 'the next', stack: null, view: '#/runs' });
  expect(lines.slice(20)).toEqual(['Errors of the window were left out: 80', 'An error of the window: WindowError: the next']);
});

test('what could drive a terminal that shows the log is taken out of it', () => {
  const thrown: Error[] = [];
  const errors = new WindowErrors({ ...SILENT_LOG, error: (_message, error) => thrown.push(error as Error) }, () => 0);
  errors.report({ message: 'red \u001b[31m', stack: 'Error: red \u001b[31m\n    at there', view: '' });
  expect(thrown[0]?.message).toBe('red  [31m');
  expect(thrown[0]?.stack).toBe('Error: red  [31m\n    at there');
});
