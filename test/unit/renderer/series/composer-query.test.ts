import { describe, expect, it } from 'vitest';
import {
  describeUnknown,
  fillRunFromWish,
  fillSeriesFromWish,
  readComposerQuery,
} from '../../../../src/renderer/views/composer/composer-query.js';
import { emptyRunForm, taskCountOf } from '../../../../src/renderer/views/composer/new-run-form.js';
import { emptySeriesForm } from '../../../../src/renderer/views/composer/new-series-form.js';

const problemsOf = (query: Record<string, unknown>): string[] => readComposerQuery(query).problems;

describe('an address', () => {
  it('that can be had in full has no problem', () => {
    const wish = readComposerQuery({
      testbedId: 't',
      datasetId: 'd',
      count: '1,100',
      schedulers: 'random,learned:training-1',
      preset: 'table-v',
    });
    expect(wish).toEqual({
      ...{ testbedId: 't', datasetId: 'd', trainingId: undefined, counts: [1, 100], preset: 'table-v' },
      ...{ schedulers: ['random', 'learned:training-1'], problems: [] },
    });
    expect(problemsOf({ as: 'series', from: 'run-1', image: 'task-1', series: 'series-1', training: 'training-1' })).toEqual([]);
  });

  it('has what is wrong in it named, each with what would be right', () => {
    expect(problemsOf({ count: '5,x,-1' })).toEqual([
      'count: “x” is not a number of tasks from 1 to 100,000.',
      'count: “-1” is not a number of tasks from 1 to 100,000.',
    ]);
    const [unknown, unnamed, setting] = problemsOf({ schedulers: 'nobody,learned,random:queue=x' });
    expect(unknown).toMatch(/^schedulers: “nobody” is none of .*round-robin/);
    expect(unnamed).toBe('schedulers: a learned policy is named with its training, as in learned:training-1.');
    expect(setting).toMatch(/^schedulers: “random:queue=x” has a setting that there is not/);
    expect(problemsOf({ as: 'both' })).toEqual(['as: “both” is neither run nor series.']);
    expect(problemsOf({ preset: 'table-9' })).toEqual(['preset: “table-9” is none of table-v.']);
    expect(problemsOf({ scheduler: 'random' })[0]).toMatch(/^scheduler is no parameter of this page: as, testbedId/);
    expect(problemsOf({ count: ['1', '2'] })).toEqual(['count is there 2 times; name it once.']);
  });

  it('that names a testbed or dataset that there is not says so once the lists are there', () => {
    expect(describeUnknown('testbedId', 'gone', undefined)).toEqual([]);
    expect(describeUnknown('testbedId', 'gone', [{ id: 'lab' }])).toEqual([
      'testbedId: there is no testbed gone. Choose one of the testbeds below.',
    ]);
    expect(describeUnknown('datasetId', 'd', [{ id: 'd' }])).toEqual([]);
  });
});

describe('a run', () => {
  it('takes the first number and the first scheduler with its settings, and says what it leaves out', () => {
    const form = emptyRunForm();
    const wish = readComposerQuery({
      count: '7,100',
      schedulers: 'considerate-completion:k=0.7:queue=shortest-first,random',
      preset: 'table-v',
    });
    expect(fillRunFromWish(form, wish)).toEqual([
      'count: a run has one; 7 is taken, 100 left out. Choose Series to have all of them.',
      'schedulers: a run has one; considerate-completion:k=0.7:queue=shortest-first is taken, random left out. Choose Series to have all of them.',
      'preset: only a series has one. Choose Series to use it.',
    ]);
    expect(taskCountOf(form)).toBe(7);
    expect(form).toMatchObject({ scheduler: 'considerate-completion', scheduling: { consideration: 0.7, queueOrder: 'shortest-first' } });
  });

  it('takes a training before a scheduler', () => {
    const form = emptyRunForm();
    expect(fillRunFromWish(form, readComposerQuery({ schedulers: 'random', training: 'training-1' }))).toEqual([
      'schedulers: random is left out, since training names a policy.',
    ]);
    expect(form).toMatchObject({ scheduler: 'learned', trainingId: 'training-1' });
    expect(fillRunFromWish(form, readComposerQuery({ schedulers: 'learned:training-2' }))).toEqual([]);
    expect(form.trainingId).toBe('training-2');
  });
});

describe('a series', () => {
  it('takes all of them, and the policy of a training as one more scheduler', () => {
    const form = { ...emptySeriesForm(), counts: [7], repetitions: 2 };
    fillSeriesFromWish(form, readComposerQuery({ count: '5,x,20', schedulers: 'random,nobody', training: 'training-1' }));
    expect(form).toMatchObject({ counts: [5, 20], schedulers: ['random', 'learned:training-1'], repetitions: 2 });
    fillSeriesFromWish(form, readComposerQuery({ preset: 'table-v' }));
    expect(form).toMatchObject({ counts: [1, 100, 500, 1000], repetitions: 5 });
  });
});
