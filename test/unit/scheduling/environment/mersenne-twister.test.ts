import { describe, expect, it } from 'vitest';
import { createMersenneTwister } from '../../../../src/scheduling/environment/mersenne-twister.js';

// Expected numbers: NumPy 2.4, `numpy.random.seed(s)` and then `randint` or `random_sample`.
describe('the generator of the reference', () => {
  it("draws NumPy's whole numbers", () => {
    const twister = createMersenneTwister(2);
    expect(Array.from({ length: 8 }, () => twister.nextInt(10, 50))).toEqual([50, 25, 18, 32, 28, 21, 50, 17]);
  });

  it("draws NumPy's fractions", () => {
    const twister = createMersenneTwister(1);
    expect(Array.from({ length: 3 }, () => twister.nextFloat())).toEqual([0.417022004702574, 0.7203244934421581, 0.00011437481734488664]);
  });

  it('continues after its first 624 words', () => {
    const twister = createMersenneTwister(5);
    let last = 0;
    for (let i = 0; i < 1000; i++) last = twister.nextFloat();
    expect(last).toBe(0.7905930946436218);
  });

  it('draws nothing for a range of one', () => {
    const twister = createMersenneTwister(1);
    expect(twister.nextInt(4, 4)).toBe(4);
    expect(twister.nextFloat()).toBe(0.417022004702574);
  });
});
