// What is put on record of how a job has ended, and of which ends a kind hears.
import { expect, it } from 'vitest';
import { eventOfEnd } from '../../../src/main/domain/jobs/event-of-end.js';
import { AppError } from '../../../src/shared/errors.js';
import { isProblemKind } from '../../../src/shared/event-kind.js';
import { makeJobEngine, plugInLedKind } from '../../support/job-fixtures.js';

it('says how a job has ended, with the reason of one that failed', () => {
  const job = { id: 'study-1', kind: 'study', error: null } as const;
  const error = new AppError('io', 'The disk is gone', 'Look at it.').toShape();
  const eventOf = (change: Partial<Parameters<typeof eventOfEnd>[1]>) =>
    eventOfEnd('Study “fig-6a”', { ...job, state: 'succeeded', ...change });
  expect(eventOf({})).toEqual({ kind: 'study-ended', subjectId: 'study-1', message: 'Study “fig-6a” has ended.' });
  expect(eventOf({ state: 'failed', error })).toMatchObject({ kind: 'study-failed', message: 'Study “fig-6a” failed: The disk is gone' });
  expect(eventOf({ state: 'cancelled' })).toMatchObject({ kind: 'study-cancelled', message: 'Study “fig-6a” was canceled.' });
  expect(eventOf({ state: 'paused' })).toBeNull();
  expect(isProblemKind('study-failed')).toBe(true);
  expect(isProblemKind('study-ended')).toBe(false);
});

it('is heard of once a job succeeds, fails or is canceled, also while it is paused, and not of a pause', async () => {
  const engine = makeJobEngine();
  const heard: string[] = [];
  const kind = plugInLedKind(engine, { onEnd: ({ id, state }) => heard.push(`${id} ${state}`) });
  const [first, second, third] = [kind.start(), kind.start(), kind.start()];
  kind.works[0]!.end({ state: 'succeeded' });
  kind.works[1]!.fail(new Error('It broke'));
  await Promise.all([kind.jobs.whenEnded(first), kind.jobs.whenEnded(second)]);
  await engine.pause(third);
  expect(heard).toEqual([`${first} succeeded`, `${second} failed`]);
  await engine.cancel(third);
  expect(heard.at(-1)).toBe(`${third} cancelled`);
});

it('stays as it ended where whoever hears of it fails', async () => {
  const kind = plugInLedKind(makeJobEngine(), {
    onEnd: () => {
      throw new Error('Nobody listens');
    },
  });
  const id = kind.start();
  kind.works[0]!.end({ state: 'succeeded' });
  expect(await kind.jobs.whenEnded(id)).toMatchObject({ state: 'succeeded' });
});
