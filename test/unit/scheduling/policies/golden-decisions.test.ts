import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/golden/heuristic-decisions.json' with { type: 'json' };
import type { HeuristicAlias, StationHeuristicName } from '../../../../src/scheduling/heuristics/heuristics.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { createSimulatorPolicy } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { digestBatches, digestEpisodes } from './golden-decisions.js';

// The fixture holds the digests of the two implementations that there were before they became one (docs/adr/0029).
const inSimulator = Object.entries(golden.simulator).flatMap(([environment, digests]) =>
  Object.entries(digests).map(([name, digest]) => ({ environment, name, digest })),
);
const onTestbed = Object.entries(golden.testbed).map(([name, digest]) => ({ name, digest }));

describe('decisions are those of the code that was before, bit by bit', () => {
  it.each(inSimulator)('$name in the simulated environment $environment', async ({ environment, name, digest }) => {
    expect(await digestEpisodes(environment, () => createSimulatorPolicy(name as HeuristicAlias))).toBe(digest);
  });

  it.each(onTestbed)('$name on a testbed', ({ name, digest }) => {
    expect(digestBatches(() => createSchedulingPolicy(name as StationHeuristicName))).toBe(digest);
  });
});
