import { describe, expect, it } from 'vitest';
import { parseEnvironmentConfig } from '../../../../src/scheduling/environment/environment-config.js';
import { PRESETS } from '../../../../src/scheduling/environment/presets.js';

const problemsOf = (change: object) => parseEnvironmentConfig({ ...PRESETS.paper, ...change }).problems;

describe('a configuration', () => {
  it.each(Object.entries(PRESETS))('%s is accepted as it is', (_name, config) => {
    expect(parseEnvironmentConfig(config)).toEqual({ config, problems: [] });
  });

  it.each([
    ['no base station', { baseStations: 0 }, 'baseStations'],
    ['a broken number of slots', { slots: 1.5 }, 'slots'],
    ['a slot of no length', { slotSec: 0 }, 'slotSec'],
    ['NaN', { sizeMbit: { min: NaN, max: 5 } }, 'sizeMbit.min'],
    ['an infinite rate', { linkMbps: { min: 400, max: Infinity } }, 'linkMbps.max'],
    ['a negative capacity', { capacityGigacyclesPerSec: { min: -1, max: 50 } }, 'capacityGigacyclesPerSec.min'],
    ['a slot without tasks', { tasksPerSlot: { min: 0, max: 50 } }, 'tasksPerSlot.min'],
    ['a reversed range', { tasksPerSlot: { min: 50, max: 10 } }, 'tasksPerSlot'],
    ['more tasks than fit', { slots: 100_000 }, 'tasksPerSlot.max'],
    ['an unknown choice', { links: 'copper' }, 'links'],
    ['a missing field', { resultMbit: undefined }, 'resultMbit'],
    ['a lone slot that only is a next state', { slots: 1, lastSlot: 'next-state-only' }, 'slots'],
    ['constants of the reference for each task', { constants: 'from-reference' }, 'constants'],
  ])('with %s is refused, naming the field', (_what, change, field) => {
    expect(problemsOf(change).map((problem) => problem.field)).toEqual([field]);
  });

  it('says what a reversed range is', () => {
    expect(problemsOf({ sizeMbit: { min: 5, max: 2 } })[0]?.message).toBe('The range is reversed: 5 is above 2.');
  });

  it('with an unknown field is refused, naming it', () => {
    expect(problemsOf({ slotz: 3 })[0]?.message).toContain('slotz');
  });

  it('with several faults gets all of them told', () => {
    expect(problemsOf({ baseStations: 0, slots: -1, slotSec: NaN }).map((problem) => problem.field)).toEqual([
      'baseStations',
      'slots',
      'slotSec',
    ]);
  });

  it("of the reference with broken capacities is refused: the reference's are whole", () => {
    const { problems } = parseEnvironmentConfig({ ...PRESETS.reference, capacityGigacyclesPerSec: { min: 10.5, max: 50 } });
    expect(problems).toEqual([{ field: 'capacityGigacyclesPerSec', message: expect.stringContaining('whole') as string }]);
  });
});
