import { expect, test } from 'vitest';
import { BetweenMarks } from '../../../src/main/adapters/ssh/between-marks.js';

const START = '<aa:bb:start>\n';
const END = '<aa:bb:end ';

/** Everything that a stream in these pieces gives. */
function read(pieces: readonly Buffer[], end: string | null = END): { marks: BetweenMarks; text: string } {
  const marks = new BetweenMarks(START, end);
  const taken = pieces.map((piece) => marks.take(piece));
  return { marks, text: Buffer.concat([...taken, marks.flush()]).toString('utf8') };
}

test('what is between the marks comes out whole however the stream is cut, and the status behind them', () => {
  const stream = Buffer.from(`Welcome\n<aa:bb:begi <${START}one <aa:bb:e two <aa\n${END}17>\nlogout\n`);
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      const { marks, text } = read([stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]);
      if (text !== 'one <aa:bb:e two <aa\n' || marks.status !== 17) expect({ first, second, text, status: marks.status }).toBeNull();
    }
  }
  expect(read([...stream].map((byte) => Buffer.from([byte])))).toMatchObject({ text: 'one <aa:bb:e two <aa\n' });
});

test('output continues at once unless it may be a mark', () => {
  const marks = new BetweenMarks(START, END);

  expect(marks.take(Buffer.from(`${START}line\n`)).toString()).toBe('line\n');
  expect(marks.take(Buffer.from('more <')).toString()).toBe('more ');
  expect(marks.take(Buffer.from('b>')).toString()).toBe('<b>');
});

test('a stream without the first mark gives nothing, and the end of what it held is kept apart', () => {
  const { marks, text } = read([Buffer.from('x'.repeat(100_000)), Buffer.from('the reason <aa')]);

  expect(text).toBe('');
  expect(marks.hasStarted).toBe(false);
  expect(marks.noise).toMatch(/^x+the reason <aa$/);
  expect(marks.noise.length).toBeLessThan(5_000);
});

test('a stream that was cut before the last mark gives what came, and no status', () => {
  const { marks, text } = read([Buffer.from(`${START}half <aa:bb:en`)]);

  expect(text).toBe('half <aa:bb:en');
  expect(marks.status).toBeNull();
});

test('a stream that has no last mark continues to its end', () => {
  expect(read([Buffer.from(`noise${START}${END}0>`)], null).text).toBe(`${END}0>`);
});
