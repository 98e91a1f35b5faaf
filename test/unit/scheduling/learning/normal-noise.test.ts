import { expect, test } from 'vitest';
import { createNoisePool, createNormalNoise } from '../../../../src/scheduling/learning/normal-noise.js';
import { createRandom, type RandomSource } from '../../../../src/random/random.js';

function draw(length: number, random: RandomSource): Float32Array {
  const numbers = new Float32Array(length);
  createNormalNoise().fill(numbers, random);
  return numbers;
}

/** A source that gives the same number again and again. */
function constantSource(value: number): RandomSource {
  return { nextFloat: () => value, nextInt: () => 0, nextExponential: () => 0 };
}

test('the first of three numbers is the normal quantile of the uniform one', () => {
  for (const [share, quantile] of [
    [0.975, 1.959964],
    [0.84134475, 1],
    [0.5, 0],
    [0.025, -1.959964],
  ] as const) {
    expect(draw(1, constantSource(share))[0]).toBeCloseTo(quantile, 3);
  }
});

test('moments are those of the standard normal distribution', () => {
  const numbers = draw(300_000, createRandom(1));
  const moment = (power: number): number => numbers.reduce((sum, x) => sum + x ** power, 0) / numbers.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.006);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.01);
  expect(Math.abs(moment(3))).toBeLessThan(0.03);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.07);
});

test('neighbours that come from one uniform number do not hang together', () => {
  const numbers = draw(300_000, createRandom(2));
  for (const distance of [1, 2, 3]) {
    const product = numbers.reduce((sum, x, index) => sum + x * (numbers[index + distance] ?? 0), 0) / numbers.length;
    expect(Math.abs(product)).toBeLessThan(0.008);
  }
});

test('the same seed gives the same numbers', () => {
  expect(draw(100, createRandom(3))).toEqual(draw(100, createRandom(3)));
});

test('a pool continues at its start after its end', () => {
  const pool = createNoisePool(4, createRandom(4));
  const whole = pool.take(4, constantSource(0));
  const wrapped = pool.take(3, { ...constantSource(0), nextInt: () => 2 });
  expect([...wrapped]).toEqual([whole[2], whole[3], whole[0]]);
});

test('a pool holds the numbers of the table', () => {
  expect(createNoisePool(9, createRandom(4)).take(9, constantSource(0))).toEqual(draw(9, createRandom(4)));
});

test('a pool refuses a stretch longer than itself', () => {
  const pool = createNoisePool(4, createRandom(4));
  expect(() => pool.take(5, createRandom(1))).toThrow('A noise pool of 4 numbers cannot give 5');
});
