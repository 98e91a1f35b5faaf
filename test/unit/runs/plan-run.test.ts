import { describe, expect, it } from 'vitest';
import { hashSpec, planRun } from '../../../src/main/domain/runs/plan-run.js';
import { planArrivals } from '../../../src/main/domain/runs/plan-arrivals.js';
import type { RunSpec } from '../../../src/shared/run.js';
import { buildSpec } from '../../support/storage-fixtures.js';

const spec = (change: Partial<RunSpec> = {}): RunSpec => buildSpec({ taskCount: 100, seed: 7, ...change });
const stations = ['node-a', 'node-b', 'node-c', 'node-d', 'node-e'];
const prompts = Array.from({ length: 120 }, (_, i) => ({ id: i + 1, text: `prompt ${i + 1}` }));
const plan = (change: Partial<RunSpec> = {}) => planRun({ runId: 'run-1', spec: spec(change), prompts, baseStationIds: stations });

describe('planRun', () => {
  it('gives the same tasks for the same specification', () => {
    expect(plan()).toEqual(plan());
  });

  it('gives other prompts, steps and image seeds for another seed', () => {
    const first = plan();
    const second = plan({ seed: 8 });
    expect(second.map((task) => task.promptId)).not.toEqual(first.map((task) => task.promptId));
    expect(second.map((task) => task.qualitySteps)).not.toEqual(first.map((task) => task.qualitySteps));
    expect(second.map((task) => task.seed)).not.toEqual(first.map((task) => task.seed));
  });

  it('uses no prompt twice while there are unused ones', () => {
    expect(new Set(plan().map((task) => task.promptId)).size).toBe(100);
  });

  it('starts another round of all prompts when they are used up', () => {
    const uses = new Map<number, number>();
    for (const task of plan({ taskCount: 240, allowRepeatedPrompts: true })) uses.set(task.promptId, (uses.get(task.promptId) ?? 0) + 1);
    expect([...uses.values()].every((count) => count === 2)).toBe(true);
    expect(uses.size).toBe(120);
  });

  it('draws every number of steps of the inclusive range', () => {
    const drawn = new Set(plan({ taskCount: 120 }).map((task) => task.qualitySteps));
    expect([...drawn].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('deals tasks that come at once to the base stations evenly', () => {
    const counts = stations.map((station) => plan().filter((task) => task.baseStationId === station).length);
    expect(counts).toEqual([20, 20, 20, 20, 20]);
  });
});

describe('planArrivals', () => {
  it('gives each base station between 1 and N_b tasks in every full slot', () => {
    const planned = planArrivals({ kind: 'slot-uniform', slotSec: 2, maxPerSlot: 6 }, 200, 5, 3);
    const lastSlotSec = Math.max(...planned.map((task) => task.arrivalSec));
    const perSlotAndStation = new Map<string, number>();
    for (const { arrivalSec, baseStationIndex } of planned) {
      expect(arrivalSec % 2).toBe(0);
      const key = `${arrivalSec}/${baseStationIndex}`;
      perSlotAndStation.set(key, (perSlotAndStation.get(key) ?? 0) + 1);
    }
    for (let slotSec = 0; slotSec < lastSlotSec; slotSec += 2) {
      for (let station = 0; station < 5; station++) {
        const count = perSlotAndStation.get(`${slotSec}/${station}`) ?? 0;
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(6);
      }
    }
    expect(planned).toHaveLength(200);
  });

  it('spaces Poisson arrivals by the reciprocal of the rate on average, in order of time', () => {
    const planned = planArrivals({ kind: 'poisson', ratePerSec: 4 }, 4000, 5, 11);
    const times = planned.map((task) => task.arrivalSec);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect((times.at(-1) ?? 0) / 4000).toBeCloseTo(0.25, 1);
    expect(new Set(planned.map((task) => task.baseStationIndex)).size).toBe(5);
  });
});

describe('hashSpec', () => {
  it('does not depend on the order of keys', () => {
    const { name, ...rest } = spec();
    expect(hashSpec({ ...rest, name })).toBe(hashSpec(spec()));
  });

  it('differs when anything of the specification differs', () => {
    expect(hashSpec(spec({ qualitySteps: { min: 10, max: 18 } }))).not.toBe(hashSpec(spec()));
  });
});
