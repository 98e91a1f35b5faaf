// Standard normal numbers by the hundred thousand: an update of LAD-TS at the paper's scale takes 204,800. From the table they cost about
// half as much as the update itself, from a pool nothing.
//
// Quality: a number is one of 65,536 equally likely quantiles, so the largest is 4.3 in size, the variance 0.9999 and the distribution
// within 1/131,072 of the normal one everywhere. A pool repeats its numbers from another random place each time it is asked.

import type { RandomSource } from '../../random/random.js';

const TABLE_SIZE = 65_536;

export interface NormalNoise {
  /** Fills the array. */
  fill(target: Float32Array, random: RandomSource): void;
}

/** Independent numbers from a table of quantiles; three of them take one number of the source. */
export function createNormalNoise(): NormalNoise {
  const table = makeQuantileTable();
  return {
    fill(target, random) {
      let fraction = 0;
      for (let index = 0; index < target.length; index++) {
        if (index % 3 === 0) fraction = random.nextFloat();
        const scaled = fraction * TABLE_SIZE;
        const entry = Math.floor(scaled);
        fraction = scaled - entry;
        target[index] = table[entry]!;
      }
    },
  };
}

export interface NoisePool {
  /** Gives a stretch of the pool that starts at a random place and continues at the pool's start: a view, only to be read. */
  take(count: number, random: RandomSource): Float32Array;
}

/**
 * Numbers drawn once; to take some costs nothing.
 * @param length at least the longest stretch that will be taken
 */
export function createNoisePool(length: number, random: RandomSource): NoisePool {
  // Twice in a row, so that a stretch that continues at the start is one piece.
  const pool = new Float32Array(2 * length);
  createNormalNoise().fill(pool.subarray(0, length), random);
  pool.copyWithin(length, 0, length);
  return {
    take(count, source) {
      if (count > length) throw new Error(`A noise pool of ${length} numbers cannot give ${count}`);
      const start = source.nextInt(0, length - 1);
      return pool.subarray(start, start + count);
    },
  };
}

/** The normal quantiles at the middles of TABLE_SIZE equal shares, ascending: the density is summed by Simpson's rule and inverted. */
function makeQuantileTable(): Float32Array {
  const table = new Float32Array(TABLE_SIZE);
  const half = TABLE_SIZE / 2;
  const cell = 1 / 2048;
  const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const shareOf = (z: number): number => (cell / 6) * (density(z) + 4 * density(z + cell / 2) + density(z + cell));
  let z = 0;
  let below = 0.5;
  let share = shareOf(z);
  for (let index = 0; index < half; index++) {
    const target = 0.5 + (index + 0.5) / TABLE_SIZE;
    while (below + share < target) {
      below += share;
      z += cell;
      share = shareOf(z);
    }
    const quantile = z + (cell * (target - below)) / share;
    table[half + index] = quantile;
    table[half - 1 - index] = -quantile;
  }
  return table;
}
