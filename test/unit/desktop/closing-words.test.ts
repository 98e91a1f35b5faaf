import { describe, expect, it } from 'vitest';
import {
  CLOSE_ANSWERS,
  closeQuestion,
  countActivities,
  describeActivity,
  leftQuestion,
} from '../../../src/main/shells/electron/closing-words.js';
import { describeEnd, endedSince } from '../../../src/main/shells/electron/ended-activity.js';
import { buildActivity } from '../../support/activity-fixtures.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const run = buildActivity;
const training = run({ kind: 'training', id: 't-1', name: 'lad-ts, seed 1', done: 12, total: 60, unit: 'episodes' });
const push = run({ kind: 'model-push', id: 'p-1', name: 'SD3', done: 2 ** 30, total: 4 * 2 ** 30, unit: 'bytes', canPause: false });
const certain = { isTrayUncertain: false };

describe('what is said of what is in progress', () => {
  it('says how far each is', () => {
    expect(describeActivity(run())).toBe('Run “Batch”: 53 of 200 tasks done');
    expect(describeActivity(push)).toBe('Model push “SD3”: 1.07 GB of 4.29 GB');
    expect(describeActivity(run({ state: 'waiting' }))).toBe('Run “Batch”: waiting');
  });

  it('counts by kind', () => {
    expect(countActivities([run()])).toBe('1 run');
    expect(countActivities([run(), run(), training])).toBe('2 runs and 1 training');
    expect(countActivities([run(), training, push])).toBe('1 run, 1 training and 1 model push');
  });
});

describe('the question before closing', () => {
  it('has counts, and a button for each answer in order', () => {
    const question = closeQuestion([run(), training], certain);
    expect(question.message).toBe('1 run and 1 training are in progress');
    expect(question.detail).toContain('• Run “Batch”: 53 of 200 tasks done\n• Training “lad-ts, seed 1”: 12 of 60 episodes done');
    expect(question.buttons).toHaveLength(CLOSE_ANSWERS.length);
    expect(CLOSE_ANSWERS[question.cancelId!]).toBe('cancel');
  });

  it('says what a pause would cancel, only where something is', () => {
    expect(closeQuestion([run(), push], certain).detail).toContain('can’t pause is canceled: 1 model push');
    expect(closeQuestion([run()], certain).detail).not.toContain('is canceled:');
  });

  it('says how to get back to the window where no icon is certain', () => {
    expect(closeQuestion([run()], { isTrayUncertain: true }).detail).toContain('Start the program again');
  });

  it('names six and counts the rest', () => {
    const many = Array.from({ length: 9 }, (_, i) => run({ id: String(i) }));
    expect(closeQuestion(many, certain).detail).toContain('• and 3 more');
  });

  it('says what has not come to a stop', () => {
    expect(leftQuestion([run()]).message).toBe('1 run has not come to a stop yet');
    expect(leftQuestion([run(), training]).message).toBe('1 run and 1 training have not come to a stop yet');
  });
});

describe('what has ended in the background', () => {
  it('is what continued before and does no longer', () => {
    expect(endedSince([run(), training], [run({ done: 60 })])).toEqual([training]);
    expect(endedSince([], [run()])).toEqual([]);
  });

  it('is reported with its result', () => {
    const counts = { total: 200, pending: 0, sent: 0, succeeded: 200, failed: 0, cancelled: 0, resent: 0 };
    const ended = buildRunSummary({ state: 'succeeded', counts, validity: { isValid: true, reasons: [], limitations: [] } });
    expect(describeEnd(run(), ended)).toEqual({ title: 'Run “Batch” is done', body: '200 of 200 tasks succeeded.' });
    expect(describeEnd(run(), { ...ended, state: 'failed', counts: { ...counts, succeeded: 190, failed: 10 } })).toEqual({
      title: 'Run “Batch” has failed',
      body: '190 of 200 tasks succeeded, 10 failed.',
    });
    expect(describeEnd(training, null).title).toBe('Training “lad-ts, seed 1” has ended');
  });
});
