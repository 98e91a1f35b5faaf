import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/scheduling/random.js';
import { shellQuote } from '../../../src/main/ssh/shell-quote.js';

const NASTY = [...Array.from('\'"\\`$(){}[]<>|&;*?!~#%^=+-,. \t\n\r'), 'ä', '图', '🛰', '$(id)', '\\\n', "'\\''", 'a', '0'];

test('a real shell gives back any quoted text as one word, byte for byte', () => {
  const random = createRandom(20261101);
  const texts = Array.from({ length: 300 }, () =>
    Array.from({ length: Math.floor(random.nextFloat() * 24) }, () => NASTY[Math.floor(random.nextFloat() * NASTY.length)]).join(''),
  );
  // NUL stands behind each word: the one character that none of them can contain.
  const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');

  const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);

  expect(words).toEqual(texts);
});

test('a NUL, which no shell word can hold, is refused', () => {
  expect(() => shellQuote('a\0b')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
