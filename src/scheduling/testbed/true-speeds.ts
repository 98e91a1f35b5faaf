// How fast a node truly computes next to its record, over an episode. Pure: what a computation does to a node's heat is told to whoever
// goes through with it.
import { createRandom, deriveSeed } from '../../random/random.js';
import type { TestbedConfig } from './testbed-config.js';

/** Shares of full heat above which a node throttles and below which it is itself again. */
const HOT = 0.9;
const COOL = 0.7;

/** A node's warmth at an instant; only throttling nodes have one to speak of. */
export interface NodeHeat {
  atSec: number;
  /** 0, cold, to 1, as hot as it gets at full speed. */
  share: number;
  isThrottled: boolean;
}

export const COLD: NodeHeat = { atSec: 0, share: 0, isThrottled: false };

export interface TrueSpeed {
  /** When a computation that takes `workSec` by the record ends if it starts at `startSec`, and how warm the node is then. */
  compute(startSec: number, workSec: number, heat: NodeHeat): { endSec: number; heat: NodeHeat };
}

/**
 * Of one node in an episode; the same seed gives the same.
 * @param trueSpeed so many times as fast as its record, whatever `speeds` says
 */
export function createTrueSpeed(speeds: TestbedConfig['speeds'], seed: number, trueSpeed = 1): TrueSpeed {
  const { compute } = speedOfKind(speeds, seed);
  return { compute: (startSec, workSec, heat) => compute(startSec, workSec / trueSpeed, heat) };
}

function speedOfKind(speeds: TestbedConfig['speeds'], seed: number): TrueSpeed {
  switch (speeds.kind) {
    case 'as-recorded':
      return steady(1);
    case 'misrecorded':
      return steady(drawFactor(speeds.factor, seed));
    case 'drifting':
      return drifting(speeds, seed);
    case 'throttling':
      return throttling(speeds);
  }
}

function steady(factor: number): TrueSpeed {
  return { compute: (startSec, workSec, heat) => ({ endSec: startSec + workSec / factor, heat }) };
}

/** Uniform in its logarithm: twice as fast is as likely as half as fast. */
function drawFactor({ min, max }: { min: number; max: number }, seed: number): number {
  return min * (max / min) ** createRandom(seed).nextFloat();
}

function drifting({ factor, everySec }: { factor: { min: number; max: number }; everySec: number }, seed: number): TrueSpeed {
  const factors: number[] = [];
  const factorOf = (piece: number): number => (factors[piece] ??= drawFactor(factor, deriveSeed(seed, `piece ${piece}`)));
  return {
    compute(startSec, workSec, heat) {
      let atSec = startSec;
      let leftSec = workSec;
      for (let piece = Math.floor(startSec / everySec); ; piece++) {
        const doneSec = ((piece + 1) * everySec - atSec) * factorOf(piece);
        if (doneSec >= leftSec) return { endSec: atSec + leftSec / factorOf(piece), heat };
        leftSec -= doneSec;
        atSec = (piece + 1) * everySec;
      }
    },
  };
}

/** Warms towards what it does (1 at full speed, `factor` while throttled, 0 idle) with the time constant `warmingSec`. */
function throttling({ factor, warmingSec }: { factor: number; warmingSec: number }): TrueSpeed {
  const after = (share: number, target: number, sec: number): number => target + (share - target) * Math.exp(-sec / warmingSec);
  /** Seconds until the share reaches a level; Infinity where it never does. */
  const until = (share: number, target: number, level: number): number => {
    const ratio = (level - target) / (share - target);
    return ratio > 0 && ratio <= 1 ? -warmingSec * Math.log(ratio) : Infinity;
  };
  return {
    compute(startSec, workSec, heat) {
      let share = after(heat.share, 0, startSec - heat.atSec);
      let isThrottled = heat.isThrottled && share > COOL;
      let [atSec, leftSec] = [startSec, workSec];
      for (;;) {
        const speed = isThrottled ? factor : 1;
        const turnSec = until(share, speed, isThrottled ? COOL : HOT);
        const lastsSec = Math.min(leftSec / speed, turnSec);
        share = after(share, speed, lastsSec);
        atSec += lastsSec;
        if (lastsSec < turnSec) return { endSec: atSec, heat: { atSec, share, isThrottled } };
        leftSec -= lastsSec * speed;
        isThrottled = !isThrottled;
      }
    },
  };
}
