import { setFlagsFromString } from 'node:v8';

/**
 * V8 sizes a heap for speed: the young generation grows to 48 MB, and the old one far beyond what lives in it before it is looked through.
 * A core makes little garbage for the time it has, so the one stays as it started and the other grows by this much between two collections.
 */
const HEAP_GROWTH_PERCENT = 60;

/** For the process of a core, as early as possible: what the heap has grown to before, it keeps. */
export function limitHeapGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
}
