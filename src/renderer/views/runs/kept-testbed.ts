import type { Testbed } from '../../../shared/testbed.js';
import { isReady } from '../testbeds/testbed-state.js';

/**
 * Another ready virtual testbed whose time scale this machine keeps: the fastest of those, with as many nodes as the chosen one where there is
 * such. Undefined of none.
 */
export function findKeptTestbed(
  testbeds: readonly Testbed[],
  chosen: Testbed | undefined,
  keptTimeScale: number | null,
): Testbed | undefined {
  if (!chosen || keptTimeScale === null) return undefined;
  const isAlike = ({ nodes }: Testbed): number => Number(nodes.length === chosen.nodes.length);
  return testbeds
    .filter((testbed) => testbed.id !== chosen.id && testbed.kind === chosen.kind && isReady(testbed) && testbed.timeScale <= keptTimeScale)
    .toSorted((left, right) => isAlike(right) - isAlike(left) || right.timeScale - left.timeScale)[0];
}
