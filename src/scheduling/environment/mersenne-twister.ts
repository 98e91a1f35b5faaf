// The generator behind the reference's constants. Its code fixes capacities, links and task parameters by seeding NumPy's legacy generator
// (MT19937, Matsumoto and Nishimura 1998); drawing the same numbers here gives the same environment for any count. Nothing else uses it.

const STATE_WORDS = 624;
const SHIFT_WORDS = 397;

export interface MersenneTwister {
  /** Uniform in [0, 1) with 53 bits, as NumPy's `random_sample`. */
  nextFloat(): number;
  /** Uniform integer in [min, max], both inclusive, by masked rejection, as NumPy's legacy `randint(min, max + 1)`. */
  nextInt(min: number, max: number): number;
}

/** MT19937 seeded by one 32-bit integer, as `numpy.random.seed(seed)`. */
export function createMersenneTwister(seed: number): MersenneTwister {
  const state = seedState(seed);
  let position = STATE_WORDS;
  const nextUint32 = (): number => {
    if (position === STATE_WORDS) {
      twist(state);
      position = 0;
    }
    let word = state[position++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
  return {
    nextFloat() {
      const high = nextUint32() >>> 5;
      const low = nextUint32() >>> 6;
      return (high * 0x4000000 + low) / 0x20000000000000;
    },
    nextInt(min, max) {
      const span = max - min;
      if (span === 0) return min;
      const mask = 2 ** (32 - Math.clz32(span)) - 1;
      let value = span + 1;
      while (value > span) value = (nextUint32() & mask) >>> 0;
      return min + value;
    },
  };
}

function seedState(seed: number): Uint32Array {
  const state = new Uint32Array(STATE_WORDS);
  state[0] = seed;
  for (let i = 1; i < STATE_WORDS; i++) {
    const previous = state[i - 1] ?? 0;
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return state;
}

/** Makes the next 624 words in place. */
function twist(state: Uint32Array): void {
  for (let i = 0; i < STATE_WORDS; i++) {
    const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % STATE_WORDS] ?? 0) & 0x7fffffff);
    const shifted = state[(i + SHIFT_WORDS) % STATE_WORDS] ?? 0;
    state[i] = shifted ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
  }
}
