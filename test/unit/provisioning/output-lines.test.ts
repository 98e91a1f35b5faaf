import { expect, test } from 'vitest';
import { OutputLines } from '../../../src/main/domain/nodes/provisioning/output-lines.js';

function linesOf(...chunks: string[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const chunk of chunks) output.write(chunk);
  output.end();
  return lines;
}

test('chunks become lines wherever they are cut', () => {
  expect(linesOf('one\ntw', 'o\r\nthr', 'ee')).toEqual(['one', 'two', 'three']);
});

test('a private key never gets through, whole or cut in two', () => {
  const lines = linesOf('before\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA', 'BBBB\nCCCC\n-----END OPENSSH PRIVATE KEY-----\nafter\n');

  expect(lines).toEqual(['before', '[private key removed]', 'after']);
});

test.each(['password=hunter2', 'Authorization: Bearer hunter2', '"api_key": hunter2', 'TOKEN = hunter2'])(
  'the value of %s is removed',
  (line) => {
    expect(linesOf(`${line}\n`).join()).not.toContain('hunter2');
  },
);

test('control characters and empty lines are dropped', () => {
  expect(linesOf('\u001b[2J\n\n   \nok\u0007\n')).toEqual(['[2J', 'ok']);
});

test('a line that never ends does not grow without bound', () => {
  const lines = linesOf(...Array.from({ length: 100 }, () => 'x'.repeat(1000)));

  expect(lines).toHaveLength(1);
  expect(lines[0]!.length).toBeLessThanOrEqual(400);
});
