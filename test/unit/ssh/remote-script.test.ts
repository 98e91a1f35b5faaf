import { expect, test } from 'vitest';
import { startMark, drawMarks, endMark, inputLine, launchCommand } from '../../../src/main/adapters/ssh/remote-script.js';

const marks = drawMarks();

test.each([true, false])('nothing that some login shell makes more of is between its quotes (input: %s)', (hasInput) => {
  const command = launchCommand(`echo 'it'"'"'s' ! \\ \n\r\t é \u007f`, marks, { hasInput });

  const [before, launcher = '', between, script = '', behind] = command.split("'");
  expect([before, between, behind]).toEqual(['exec /bin/sh -c ', ` dedgeai ${marks.first} ${marks.second} `, '']);
  expect(launcher).toMatch(/^[ -~]+$/);
  expect(launcher).not.toMatch(/[!\\]/);
  // A backslash before a digit is a backslash to all of them.
  expect(script).toMatch(/^(?:[ -~](?<![!\\])|\\0[0-7]{3})+$/);
});

test('a shell that shows the command shows no mark', () => {
  const command = launchCommand('true', marks, { hasInput: true });

  for (const mark of [startMark(marks), endMark(marks), inputLine(marks)]) expect(command).not.toContain(mark.trim());
});

test('marks are other ones each time', () => {
  expect(drawMarks()).not.toEqual(drawMarks());
});

test('a script that no command can hold is an internal error', () => {
  expect(() => launchCommand('x'.repeat(130_000), marks, { hasInput: false })).toThrow('130000 characters');
  expect(() => launchCommand('a\0b', marks, { hasInput: false })).toThrow('NUL');
});
