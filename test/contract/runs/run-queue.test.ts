// Runs that wait for one testbed, and the order in which they get it.
import { afterEach, expect, it } from 'vitest';
import { RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

it('a run that was put before another gets the testbed before it', async () => {
  harness = await RunHarness.open();
  const { runs } = harness;
  const start = async (name: string, taskCount: number): Promise<string> =>
    (await runs.start({ ...harness!.spec({ taskCount }), name })).id;
  const first = await start('First', 30);
  const second = await start('Second', 2);
  const third = await start('Third', 2);
  expect(runs.get(third).waitsBehind?.name).toBe('Second');

  expect(runs.move(third, 'earlier').waitsBehind?.name).toBe('First');
  expect(runs.get(second).waitsBehind?.name).toBe('Third');
  expect(() => runs.move(third, 'earlier')).toThrow("Run “Third” can't come earlier: no run waits before it on its testbed");
  expect(() => runs.move(second, 'later')).toThrow('no run waits after it on its testbed');
  expect(() => runs.move(first, 'later')).toThrow("Run “First” can't come later: it does not wait for its testbed");

  await harness.ended(second);
  const [ranSecond, ranThird] = [runs.get(second), runs.get(third)];
  expect(ranThird.finishedAtMs).not.toBeNull();
  expect(ranThird.startedAtMs).toBeLessThan(ranSecond.startedAtMs ?? 0);
});

it('only changes places on its own testbed, and back', async () => {
  harness = await RunHarness.open();
  const { runs } = harness;
  const ids: string[] = [];
  for (const name of ['A', 'B', 'C', 'D']) ids.push((await runs.start({ ...harness.spec({ taskCount: 30 }), name })).id);
  const [, b, c, d] = ids as [string, string, string, string];
  runs.move(b, 'later');
  runs.move(b, 'later');
  expect([c, d, b].map((id) => runs.get(id).waitsBehind?.name)).toEqual(['A', 'C', 'D']);
  runs.move(b, 'earlier');
  expect([c, b, d].map((id) => runs.get(id).waitsBehind?.name)).toEqual(['A', 'C', 'B']);
});
