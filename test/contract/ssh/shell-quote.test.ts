import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/random/random.js';
import { shellQuote } from '../../../src/main/adapters/ssh/shell-quote.js';

const NASTY = [...Array.from('\'"\\`$(){}[]<>|&;*?!~#%^=+-,. \t\n\r'), 'ä', '图', '🛰', '$(id)', '\\\n', "'\\''", 'a', '0'];

/** Of the nasty pieces alone, or of any characters but NUL and lone surrogates, which UTF-8 has no form for. */
function drawText(random: ReturnType<typeof createRandom>, isNasty: boolean): string {
  const draw = (below: number): number => Math.floor(random.nextFloat() * below);
  const drawCharacter = (): string => {
    const codePoint = 1 + draw(draw(2) === 0 ? 0x7f : 0x10ffff);
    return codePoint >= 0xd800 && codePoint <= 0xdfff ? '\ufffd' : String.fromCodePoint(codePoint);
  };
  return Array.from({ length: draw(24) }, () => (isNasty ? (NASTY[draw(NASTY.length)] ?? '') : drawCharacter())).join('');
}

test('a real shell gives back any of 10,000 random texts as one word, byte for byte', () => {
  const random = createRandom(20261101);
  const texts = Array.from({ length: 10_000 }, (_, index) => drawText(random, index % 2 === 0));
  // NUL is behind each word: the one character that none of them can contain.
  const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');

  const words = execFileSync('/bin/sh', { input: script, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\0')
    .slice(0, -1);

  expect(words).toEqual(texts);
});

test('a NUL, which no shell word can hold, is refused', () => {
  expect(() => shellQuote('a\0b')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
