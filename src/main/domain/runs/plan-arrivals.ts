// When and where tasks arrive. Pure: the same specification gives the same arrivals.
import { assertNever } from '../../../shared/errors.js';
import type { Arrivals } from '../../../shared/run.js';
import { createRandom, deriveSeed } from '../../../random/random.js';

export interface PlannedArrival {
  /** Model seconds after the run's start. */
  arrivalSec: number;
  /** Index of the base station, 0..B-1. */
  baseStationIndex: number;
}

/** Plans `taskCount` arrivals over `baseStationCount` base stations, in order of time. */
export function planArrivals(arrivals: Arrivals, taskCount: number, baseStationCount: number, seed: number): PlannedArrival[] {
  const random = createRandom(deriveSeed(seed, 'arrivals'));
  switch (arrivals.kind) {
    case 'all-at-once':
      return Array.from({ length: taskCount }, (_, i) => ({ arrivalSec: 0, baseStationIndex: i % baseStationCount }));
    case 'slot-uniform': {
      const planned: PlannedArrival[] = [];
      for (let slot = 0; planned.length < taskCount; slot++) {
        for (let b = 0; b < baseStationCount; b++) {
          // Drawn even when |N| is reached, so that a longer run starts like a shorter one.
          const arriving = random.nextInt(1, arrivals.maxPerSlot);
          for (let n = 0; n < arriving && planned.length < taskCount; n++) {
            planned.push({ arrivalSec: slot * arrivals.slotSec, baseStationIndex: b });
          }
        }
      }
      return planned;
    }
    case 'poisson': {
      let nowSec = 0;
      return Array.from({ length: taskCount }, () => {
        nowSec += random.nextExponential(1 / arrivals.ratePerSec);
        return { arrivalSec: nowSec, baseStationIndex: random.nextInt(0, baseStationCount - 1) };
      });
    }
    default:
      return assertNever(arrivals);
  }
}
