// How fast a node of the environment truly computes next to its record, over an episode.
import { createRandom, deriveSeed } from '../../random/random.js';
import { changingPace, type NodePace, steadyPace, throttlingPace } from '../simulated-node/node-pace.js';
import type { TestbedConfig } from './testbed-config.js';

/** Shares of full heat at which a node throttles and at which it is itself again. */
const HOT = 0.9;
const COOL = 0.7;

/**
 * Of one node in an episode; the same seed gives the same.
 * @param trueSpeed so many times as fast as its record, whatever `speeds` says
 */
export function createTruePace(speeds: TestbedConfig['speeds'], seed: number, trueSpeed = 1): NodePace {
  const pace = paceOfKind(speeds, seed);
  return { compute: (startSec, recordedSec, heat) => pace.compute(startSec, recordedSec / trueSpeed, heat) };
}

function paceOfKind(speeds: TestbedConfig['speeds'], seed: number): NodePace {
  switch (speeds.kind) {
    case 'as-recorded':
      return steadyPace();
    case 'misrecorded':
      return steadyPace(drawFactor(speeds.factor, seed));
    case 'drifting': {
      const { factor, everySec } = speeds;
      return changingPace((index) => ({
        untilSec: (index + 1) * everySec,
        speed: drawFactor(factor, deriveSeed(seed, `piece ${index}`)),
      }));
    }
    case 'throttling':
      return throttlingPace({ throttledSpeed: speeds.factor, timeConstantSec: speeds.warmingSec, hot: HOT, cool: COOL });
  }
}

/** Uniform in its logarithm: twice as fast is as likely as half as fast. */
function drawFactor({ min, max }: { min: number; max: number }, seed: number): number {
  return min * (max / min) ** createRandom(seed).nextFloat();
}
