import { describe, expect, it } from 'vitest';
import { settle, type SettleOptions } from '../../../src/main/domain/app/settle.js';
import type { Activity, ActivityKind } from '../../../src/shared/activity.js';

const activity = (kind: ActivityKind, change: Partial<Activity> = {}): Activity => ({
  kind,
  id: `${kind}-1`,
  name: kind,
  done: 0,
  total: 1,
  unit: 'tasks',
  state: 'going',
  canPause: true,
  ...change,
});

/** Everything that ends by being asked; what is told to `stuck` never does. */
function harness(going: Activity[], { stuck = [] as string[], failing = [] as string[] } = {}) {
  let left = going;
  const asked: string[] = [];
  const isUp = Promise.withResolvers<undefined>();
  const end: SettleOptions['end'] = ({ id }, how) => {
    asked.push(`${how} ${id}`);
    if (failing.includes(id)) return Promise.reject(new Error('no'));
    if (stuck.includes(id)) return new Promise(() => undefined);
    left = left.filter((one) => one.id !== id);
    return Promise.resolve();
  };
  const options: SettleOptions = { list: () => left, end, timeIsUp: () => isUp.promise };
  return { options, asked, timeIsUp: () => isUp.resolve(undefined) };
}

describe('settle', () => {
  it('ends everything in the way that is asked', async () => {
    const { options, asked } = harness([activity('run'), activity('training')]);
    expect(await settle(options, 'pause', 1000)).toEqual({ left: [] });
    expect(asked).toEqual(['pause run-1', 'pause training-1']);
  });

  it('tells what is left when the time is up', async () => {
    const { options, timeIsUp } = harness([activity('run'), activity('study')], { stuck: ['run-1'] });
    const settled = settle(options, 'pause', 1000);
    timeIsUp();
    expect((await settled).left.map(({ id }) => id)).toEqual(['run-1']);
  });

  it('continues with the others where one can not be ended', async () => {
    const { options } = harness([activity('run'), activity('study')], { failing: ['run-1'] });
    expect((await settle(options, 'stop', 1000)).left.map(({ id }) => id)).toEqual(['run-1']);
  });

  it('leaves a run that waits as it is when it pauses, and cancels it when it stops', async () => {
    const waiting = activity('run', { state: 'waiting' });
    const paused = harness([waiting]);
    expect(await settle(paused.options, 'pause', 1000)).toEqual({ left: [] });
    expect(paused.asked).toEqual([]);
    const stopped = harness([waiting]);
    await settle(stopped.options, 'stop', 1000);
    expect(stopped.asked).toEqual(['stop run-1']);
  });
});
