import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countScheduledTasks, firstTaskOf } from '../../../../src/scheduling/environment/arrivals.js';
import { checkEnvironment } from '../../../../src/scheduling/environment/check-environment.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../src/scheduling/environment/environment-config.js';
import { PRESET_NAMES, PRESETS } from '../../../../src/scheduling/environment/presets.js';
import { smallConfig } from './small-environment.js';

const reference = createEnvironment(PRESETS.reference, 7);
const paper = createEnvironment(PRESETS.paper, 7);
const methodPage = readFileSync(join(import.meta.dirname, '../../../../docs/method.md'), 'utf8');

describe('every environment', () => {
  const others: Record<string, EnvironmentConfig> = {
    'one station': smallConfig({ baseStations: 1 }),
    'fixed links from the seed': smallConfig({ links: 'per-server', homeUpload: 'free' }),
    'parameters per index from the seed': smallConfig({ taskParameters: 'per-index' }),
    'ties and free uploads': smallConfig({ isResultTiedToDensity: true, homeUpload: 'free', lastSlot: 'next-state-only' }),
  };
  it.each(Object.entries({ ...PRESETS, ...others }))('%s keeps its promises', (_name, config) => {
    expect(checkEnvironment((seed) => createEnvironment(config, seed))).toEqual([]);
  });

  it('that forgets its seed is caught', () => {
    let calls = 0;
    const forgetful = (): ReturnType<typeof createEnvironment> => createEnvironment(smallConfig(), calls++);
    expect(checkEnvironment(forgetful)).toContain('The same seed gives different tasks.');
  });

  it('that leaves its ranges is caught', () => {
    const wide = (seed: number): ReturnType<typeof createEnvironment> => ({
      ...createEnvironment(smallConfig({ sizeMbit: { min: 2, max: 9 } }), seed),
      config: smallConfig(),
    });
    expect(checkEnvironment(wide)).toEqual([expect.stringMatching(/^Size \(Mbit\): \d.* is not within 2 to 5\.$/)]);
  });
});

describe('the reference preset', () => {
  it("has the reference's capacities, whatever the seed", () => {
    const capacities = [50, 25, 18, 32, 28, 21, 50, 17, 44, 41, 21, 31, 41, 36, 30, 47, 49, 13, 48, 14];
    expect([...reference.capacityGigacyclesPerSec]).toEqual(capacities);
  });

  it("has the reference's links, free at home", () => {
    const { uploadSecPerMbit, downloadSecPerMbit } = reference.makeArrivals(0).links;
    const rates = [499, 478, 461, 416, 473, 408, 500, 462, 427, 430, 480, 407, 476, 415, 453, 480, 427, 444, 477, 475];
    rates.forEach((mbps, server) => {
      expect(1 / (downloadSecPerMbit[server] ?? NaN)).toBeCloseTo(mbps, 9);
      expect(uploadSecPerMbit[3 * 20 + server]).toBe(server === 3 ? 0 : 1 / mbps);
    });
  });

  it('gives the n-th task of every batch the same steps, work and result', () => {
    const arrivals = reference.makeArrivals(4);
    const first = [firstTaskOf(arrivals, 0, 0), firstTaskOf(arrivals, 12, 7), firstTaskOf(arrivals, 40, 19)];
    for (const task of first) {
      expect(arrivals.qualitySteps[task]).toBe(6);
      expect(arrivals.workGigacycles[task]).toBeCloseTo(6 * 0.18780610656308716, 14);
      expect(arrivals.resultMbit[task]).toBeCloseTo(0.6 + (0.4 * (0.18780610656308716 - 0.1024)) / 0.2048, 12);
    }
  });

  it('asks for at most 14 steps', () => {
    expect(Math.max(...reference.makeArrivals(0).qualitySteps)).toBe(14);
  });

  it('schedules 59 slots and keeps the tasks of the 60th for the next state', () => {
    const arrivals = reference.makeArrivals(0);
    expect(arrivals.slots).toBe(59);
    expect(arrivals.firstTask).toHaveLength(60 * 20 + 1);
    expect(countScheduledTasks(arrivals)).toBeLessThan(arrivals.sizeMbit.length);
  });
});

describe('the paper preset', () => {
  it('schedules all 60 slots', () => {
    const arrivals = paper.makeArrivals(0);
    expect(arrivals.slots).toBe(60);
    expect(countScheduledTasks(arrivals)).toBe(arrivals.sizeMbit.length);
  });

  it('draws the parameters of each task, up to 15 steps', () => {
    const { qualitySteps, workGigacycles } = paper.makeArrivals(0);
    expect(Math.max(...qualitySteps)).toBe(15);
    expect(new Set(workGigacycles.slice(0, 1000)).size).toBe(1000);
  });

  it('draws capacities again for each seed', () => {
    expect(createEnvironment(PRESETS.paper, 8).capacityGigacyclesPerSec).not.toEqual(paper.capacityGigacyclesPerSec);
  });

  it('offers about 25.5 tasks a slot and station', () => {
    expect(countScheduledTasks(paper.makeArrivals(0)) / (60 * 20)).toBeCloseTo(25.5, -1);
  });
});

describe('the two presets', () => {
  const fields = Object.keys(PRESETS.paper) as (keyof EnvironmentConfig)[];
  const differing = fields.filter((field) => JSON.stringify(PRESETS.paper[field]) !== JSON.stringify(PRESETS.reference[field]));

  it.each(differing)('differ in %s, and the method page says why', (field) => {
    expect(methodPage).toMatch(new RegExp(`^\\| \`${field}\``, 'm'));
  });

  it('are all there are', () => {
    expect(Object.keys(PRESETS)).toEqual([...PRESET_NAMES]);
  });
});
