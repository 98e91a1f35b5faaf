import { describe, expect, it } from 'vitest';
import { listPolicies } from '../../../../src/main/domain/simulation/training/policy-lookup.js';
import {
  HEURISTIC_NAMES,
  heuristicOf,
  HEURISTICS,
  isHeuristic,
  STATION_HEURISTIC_NAMES,
} from '../../../../src/scheduling/heuristics/heuristics.js';
import { KNOWLEDGE } from '../../../../src/scheduling/heuristics/knowledge.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { createSimulatorPolicy } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { startRunInput } from '../../../../src/shared/api/inputs.js';
import { nameMethod } from '../../../../src/shared/name-method.js';
import { describeScheduler, SCHEDULER_NAMES } from '../../../../src/shared/run.js';

const rows = HEURISTIC_NAMES.map((name) => ({ name, ...HEURISTICS[name] }));

describe('the table of heuristics', () => {
  it('has a title of its own and a sentence for each', () => {
    expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
    for (const { sentence } of rows) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each(rows)('$name is usable everywhere, or says why not on a testbed', ({ name, knows }) => {
    expect(createSimulatorPolicy(name).name).toBe(name);
    const { whyNotOnTestbed } = KNOWLEDGE[knows];
    const stationName = STATION_HEURISTIC_NAMES.find((station) => station === name);
    if (stationName === undefined) {
      expect(whyNotOnTestbed).toMatch(/^[A-Z].*\.$/);
      expect(SCHEDULER_NAMES).not.toContain(name);
    } else {
      expect(whyNotOnTestbed).toBeNull();
      expect(createSchedulingPolicy(stationName).name).toBe(name);
      expect(SCHEDULER_NAMES).toContain(name);
    }
  });

  it('is where runs, studies and the list of policies have title and sentence from', () => {
    for (const { name, title, sentence } of rows) {
      expect(nameMethod(name)).toBe(title);
      expect(listPolicies().find((policy) => policy.name === name)).toMatchObject({ title, sentence });
    }
    for (const name of STATION_HEURISTIC_NAMES) expect(describeScheduler(name)).toMatchObject(pickWords(name));
  });

  it('keeps every name that runs, studies and scripts have stored', () => {
    const runs = ['local-only', 'random', 'round-robin', 'capacity-proportional', 'shortest-expected-completion', 'learned'];
    for (const scheduler of runs) expect(startRunInput.shape.scheduler.safeParse(scheduler).success).toBe(true);
    const simulated = [
      ...['opt-ts', 'size-aware-split', 'size-aware-split-mild', 'capacity-proportional', 'random', 'round-robin', 'local'],
      ...['shortest-completion-mean-field', 'shortest-completion-own', 'shortest-completion-last-slot'],
    ];
    for (const name of simulated) expect(isHeuristic(name)).toBe(true);
    expect(heuristicOf('local')).toBe(HEURISTICS['local-only']);
    expect(createSimulatorPolicy('local').name).toBe('local');
  });

  it('has no heuristic by the name of a property that every object has', () => {
    expect(isHeuristic('toString')).toBe(false);
  });
});

function pickWords(name: keyof typeof HEURISTICS) {
  const { title, sentence } = HEURISTICS[name];
  return { title, sentence };
}
