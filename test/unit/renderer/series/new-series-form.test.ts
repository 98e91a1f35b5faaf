import { describe, expect, it } from 'vitest';
import {
  addCount,
  applyTableV,
  checkSeriesForm,
  chooseCounts,
  emptySeriesForm,
  fillFromSeries,
  suggestSeriesName,
  toSeriesSpec,
  type NewSeriesForm,
} from '../../../../src/renderer/views/composer/new-series-form.js';
import { parseScheduler, wordForScheduler } from '../../../../src/shared/scheduler-word.js';
import { copyWork } from '../../../../src/renderer/views/composer/work-form.js';
import { emptyRunForm } from '../../../../src/renderer/views/composer/new-run-form.js';
import type { SeriesSpec } from '../../../../src/shared/series.js';
import { buildSeriesSpec } from '../../../support/series-fixtures.js';

const virtual = { kind: 'virtual' as const };
const filled = (change: Partial<NewSeriesForm> = {}): NewSeriesForm => ({
  ...emptySeriesForm(),
  ...{ testbedId: 'testbed-1', datasetId: 'dataset-1' },
  ...change,
});
const errorsOf = (change: Partial<NewSeriesForm>): Record<string, string> => {
  const check = checkSeriesForm(filled(change), virtual);
  return check.isValid ? {} : check.errors;
};

describe('the form of a new series', () => {
  it('is Table V as it opens: every count of the paper, in order, whatever was checked first', () => {
    const check = checkSeriesForm(filled({ counts: [1000, 1, 500, 100] }), virtual);
    expect(check).toMatchObject({
      isValid: true,
      value: { name: 'Table V', repetitions: 5, coolDown: { sec: 0, belowCelsius: null }, allowOverload: false },
    });
    expect(check.isValid && check.value.conditions.map(({ taskCount }) => taskCount)).toEqual([1, 100, 500, 1000]);
  });

  it('rests a minute between runs on real nodes where no one says otherwise', () => {
    expect(toSeriesSpec(filled(), { kind: 'real' })).toMatchObject({ coolDown: { sec: 60 } });
    expect(toSeriesSpec(filled({ coolDownSec: 5, coolBelowCelsius: 50 }), { kind: 'real' })).toMatchObject({
      coolDown: { sec: 5, belowCelsius: 50 },
    });
  });

  it('names field, limit and what was entered', () => {
    expect(errorsOf({ maxSteps: 400 })).toEqual({ 'qualitySteps.max': 'Max steps: at most 200; you entered 400.' });
    expect(errorsOf({ repetitions: 0 })['repetitions']).toBe('Repetitions: a series has at least one repetition; you entered 0.');
    expect(errorsOf({ repetitions: null })['repetitions']).toBe('Repetitions: a value is needed.');
    expect(errorsOf({ repetitions: 1.5 })['repetitions']).toBe('Repetitions: a whole number is needed; you entered 1.5.');
    expect(errorsOf({ counts: [] })).toEqual({ conditions: 'Numbers of tasks: name a number of tasks.' });
    expect(errorsOf({ counts: [200_000] })['taskCount']).toContain('you entered 200,000');
    expect(errorsOf({ schedulers: [] })).toEqual({ schedulers: 'Schedulers: name a scheduler.' });
    expect(errorsOf({ coolDownSec: -1 })['coolDown.sec']).toBe('Cool-down: at least 0; you entered -1.');
  });

  it('offers own counts beside those of the paper', () => {
    const form = filled();
    chooseCounts(form, [1]);
    addCount(form, 250);
    addCount(form, 250);
    expect(form).toMatchObject({ offeredCounts: [1, 100, 250, 500, 1000], counts: [1, 250] });
    expect(suggestSeriesName(form)).toBe('|N| = 1, 250');
  });

  it('goes back to Table V in one step, with testbed, dataset and schedulers as they are', () => {
    const form = filled({ counts: [7], minSteps: 3, repetitions: 2, keepInvalid: true, schedulers: ['random'] });
    applyTableV(form);
    expect(form).toMatchObject({ counts: [1, 100, 500, 1000], minSteps: 10, repetitions: 5, keepInvalid: false });
    expect(form).toMatchObject({ testbedId: 'testbed-1', datasetId: 'dataset-1', schedulers: ['random'] });
  });

  it('is filled from an earlier series, and says the same again', () => {
    const spec = buildSeriesSpec({
      ...{ seed: 9, repetitions: 4, keepInvalid: true, strength: 0.4, coolDown: { sec: 3, belowCelsius: 55 } },
      schedulers: [{ scheduler: 'random' }, { scheduler: 'learned', trainingId: 'training-1' }],
      conditions: [2, 30].map((taskCount) => ({
        ...{ taskCount, qualitySteps: { min: 4, max: 8 } },
        arrivals: { kind: 'poisson' as const, ratePerSec: 2 },
      })),
    });
    const form = emptySeriesForm();
    fillFromSeries(form, spec);
    expect(toSeriesSpec({ ...form, name: spec.name }, virtual)).toEqual(spec);
  });

  it('keeps what it has in common with a run when the choice changes', () => {
    const run = { ...emptyRunForm(), name: 'A run', testbedId: 'testbed-2', seed: 7, minSteps: 4 };
    const series = filled({ name: 'A series' });
    copyWork(run, series);
    expect(series).toMatchObject({ name: 'A series', testbedId: 'testbed-2', seed: 7, minSteps: 4, repetitions: 5 });
  });

  it('knows a learned policy by its training alone', () => {
    expect(parseScheduler('learned:training-1')).toEqual({ scheduler: 'learned', trainingId: 'training-1' });
    expect(parseScheduler('learned')).toBeNull();
    expect(parseScheduler('random:training-1')).toBeNull();
    expect(parseScheduler('nobody')).toBeNull();
  });

  it('knows the settings of a row by the word of commands, and refuses what is none', () => {
    const row = { scheduler: 'considerate-completion', queueOrder: 'shortest-first', speedWeight: 0.3, consideration: 0 } as const;
    expect(wordForScheduler(row)).toBe('considerate-completion:queue=shortest-first:speeds=0.3:k=0');
    expect(parseScheduler(wordForScheduler(row))).toEqual(row);
    expect(parseScheduler('learned:training-1:placing=longest-first')).toEqual({
      ...{ scheduler: 'learned', trainingId: 'training-1', placingOrder: 'longest-first' },
    });
    for (const word of ['random:queue=backwards', 'random:k=2', 'random:speeds=0', 'random:speeds=', 'random:cost=1']) {
      expect(parseScheduler(word)).toBeNull();
    }
  });

  it('has the learned policies learn where that is what the series measures, and says the same again of an earlier one', () => {
    const form = filled({ schedulers: ['learned:training-1', 'random'], learning: 'measured' });
    const spec = toSeriesSpec(form, virtual) as SeriesSpec;
    expect(spec.schedulers).toEqual([{ scheduler: 'learned', trainingId: 'training-1', learning: 'measured' }, { scheduler: 'random' }]);
    const again = emptySeriesForm();
    fillFromSeries(again, spec);
    expect(again).toMatchObject({ learning: 'measured', schedulers: ['learned:training-1', 'random'] });
    expect((toSeriesSpec(again, virtual) as SeriesSpec).schedulers).toEqual(spec.schedulers);
  });

  it('keeps a policy that learns beside the same one that does not', () => {
    const words = ['learned:training-1:learning=measured', 'learned:training-1'];
    const form = filled({ schedulers: words });
    const again = emptySeriesForm();
    fillFromSeries(again, toSeriesSpec(form, virtual) as SeriesSpec);
    expect(again).toMatchObject({ learning: 'off', schedulers: words });
    expect(parseScheduler('random:learning=measured')).toBeNull();
    expect(parseScheduler('learned:training-1:learning=off')).toBeNull();
  });
});
