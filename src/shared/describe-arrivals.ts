// How tasks arrive, in words.
import { assertNever } from './errors.js';
import type { Arrivals } from './run.js';

export function describeArrivals(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case 'all-at-once':
      return 'All at once, dealt to the base stations in turn';
    case 'slot-uniform':
      return `Each ${arrivals.slotSec} s slot, 1 to ${arrivals.maxPerSlot} tasks at each base station`;
    case 'poisson':
      return `Poisson, ${arrivals.ratePerSec} tasks per second over all base stations`;
    default:
      return assertNever(arrivals);
  }
}
