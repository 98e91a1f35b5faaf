// Series on real agents over mutual TLS. The agents' time scale makes runs invalid for this machine's sake on a busy day, so most series here
// take what they get; which run counts, and when one is repeated, is in the unit tests.
import { afterEach, describe, expect, it } from 'vitest';
import type { SeriesDetail, SeriesSpec } from '../../../src/shared/series.js';
import { RunHarness } from '../../support/run-harness.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

const quick = (change: Partial<SeriesSpec> = {}): SeriesSpec => buildSeriesSpec({ keepInvalid: true, allowOverload: true, ...change });

/** Resolves with the first state that fits; the series' end resolves it too. */
async function until(id: string, fits: (series: SeriesDetail) => boolean): Promise<SeriesDetail> {
  let last: SeriesDetail | undefined;
  for await (const series of harness!.series.watch(id, AbortSignal.timeout(100_000))) {
    last = series;
    if (fits(series)) break;
  }
  return last ?? harness!.series.get(id);
}

const ended = (id: string): Promise<SeriesDetail> => until(id, () => false);
const filled = ({ counts }: SeriesDetail): number => counts.valid + counts.invalid;

describe('a series', () => {
  it('fills every cell, in the order of its plan, after a warm-up that is in no figure', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id, cells } = harness.series.start(quick({ warmUpTasksPerNode: 1 }));
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'succeeded', counts: { total: 8, failed: 0, waiting: 0 } });
    const runs = harness.runs.list().reverse();
    expect(runs[0]).toMatchObject({ spec: { taskCount: 2, scheduler: 'round-robin' }, series: { seriesId: id, repetition: 0 } });
    const key = ({ condition, scheduler, repetition }: { condition: number; scheduler: number; repetition: number }) => [
      condition,
      scheduler,
      repetition,
    ];
    expect(runs.slice(1).map(({ series }) => series && key(series))).toEqual(cells.map(key));
    const result = harness.series.result({ id, includeInvalid: true });
    expect(result.cells.map(({ counted }) => counted)).toEqual([2, 2, 2, 2]);
    expect(result.cells.every(({ runIds }) => !runIds.includes(runs[0]!.id))).toBe(true);
  });

  it('gives both schedulers of a repetition the same prompts, seeds, steps and arrivals', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick({ repetitions: 1 }));
    await ended(id);
    const twenty = harness.runs.list().filter(({ spec }) => spec.taskCount === 20);
    const workload = (runId: string) =>
      harness!.store
        .listTasks(runId)
        .map(({ prompt, seed, qualitySteps, arrivalMs, baseStationId }) => ({ prompt, seed, qualitySteps, arrivalMs, baseStationId }));
    expect(twenty).toHaveLength(2);
    expect(workload(twenty[0]!.id)).toEqual(workload(twenty[1]!.id));
  });

  it('continues after the program ended twice on the way, and ends with every cell filled', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick());
    for (const cellsDone of [1, 4]) {
      await until(id, (series) => filled(series) >= cellsDone && series.counts.running > 0);
      await harness.stopProgram();
      await harness.startProgram();
    }
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'succeeded', counts: { total: 8, failed: 0, waiting: 0, running: 0 } });
    expect(filled(done)).toBe(8);
    expect(done.cells.every(({ tries }) => tries === 1)).toBe(true);
  });

  it('pauses with its run, does not continue by itself then, and resumes that run', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick({ conditions: [{ ...quick().conditions[1]!, taskCount: 60 }], repetitions: 1 }));
    await until(id, ({ counts }) => counts.running > 0);
    const [run] = harness.runs.list();
    await harness.until(run!.id, (live) => live.run.counts.succeeded > 3);
    expect(await harness.series.pause(id)).toMatchObject({ state: 'paused' });
    expect(harness.runs.listOpen()).toMatchObject([{ run: { id: run!.id, state: 'paused' }, isStandingStill: true }]);
    expect(() => harness!.series.remove(id)).toThrow(/is not finished/);
    await harness.stopProgram();
    await harness.startProgram();
    expect(harness.series.get(id).state).toBe('paused');
    const { datasetId, name } = quick();
    expect([harness.series.unfinishedOf(datasetId), harness.series.unfinishedOf('another')]).toEqual([[name], []]);
    harness.series.resume(id);
    const done = await ended(id);
    expect(done).toMatchObject({ state: 'succeeded', counts: { total: 2, running: 0, waiting: 0 } });
    expect(harness.series.unfinishedOf(datasetId)).toEqual([]);
    expect(harness.runs.list()).toHaveLength(2);
  });

  it('waits for its testbed behind another one, is reordered meanwhile, and leaves the queue without a trace', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const first = harness.series.start(quick({ name: 'First' }));
    const second = harness.series.start(quick({ name: 'Second', repetitions: 1 }));
    const third = harness.series.start(quick({ name: 'Third', repetitions: 1 }));
    expect(harness.series.get(second.id)).toMatchObject({ state: 'queued', waitsBehind: { id: first.id, name: 'First' } });
    expect(harness.series.get(third.id)).toMatchObject({ state: 'queued', waitsBehind: { name: 'Second' } });
    const watched = until(third.id, ({ cells }) => cells[0]?.condition === 1);
    harness.series.reorder({ id: third.id, blocks: ['2.1'] });
    expect(await watched).toMatchObject({ state: 'queued', waitsBehind: { name: 'Second' } });
    await harness.series.cancel(second.id);
    expect(harness.series.get(third.id).waitsBehind).toMatchObject({ name: 'First' });
    await harness.series.cancel(first.id);
    await ended(third.id);
    expect(harness.series.list().map(({ spec, state }) => [spec.name, state])).toEqual([
      ['Third', 'succeeded'],
      ['Second', 'cancelled'],
      ['First', 'cancelled'],
    ]);
    expect(harness.series.get(second.id).counts).toMatchObject({ waiting: 4 });
  });

  it('lets a run of its own wait its turn, which says behind what', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick({ conditions: [{ ...quick().conditions[1]!, taskCount: 60 }], repetitions: 1 }));
    await until(id, ({ counts }) => counts.running > 0);
    const run = await harness.runs.start(harness.spec({ taskCount: 2 }));
    const [, ahead] = harness.runs.list();
    expect(run).toMatchObject({ state: 'queued', series: null, waitsBehind: { id: ahead!.id, name: ahead!.spec.name } });
    expect(await harness.ended(run.id)).toMatchObject({ state: 'succeeded', waitsBehind: null });
    await ended(id);
  });

  it('is reordered, cut short after its block and extended again', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick({ repetitions: 3 }));
    await until(id, ({ counts }) => counts.running > 0);
    const order = (): string[] => [
      ...new Set(harness!.series.get(id).cells.map(({ condition, repetition }) => `${condition + 1}.${repetition}`)),
    ];
    harness.series.reorder({ id, blocks: ['1.3', '2.2'] });
    expect(order()).toEqual(['1.1', '1.3', '2.2', '2.1', '1.2', '2.3']);
    expect(() => harness!.series.reorder({ id, blocks: ['1.1'] })).toThrow(/Block 1\.1 does not wait/);
    harness.series.finishBlock(id);
    expect(await ended(id)).toMatchObject({ state: 'succeeded', counts: { total: 2 }, spec: { repetitions: 1 } });
    harness.series.extend({ id, repetitions: 1 });
    expect(await ended(id)).toMatchObject({ state: 'succeeded', counts: { total: 8 }, spec: { repetitions: 2 } });
    expect(harness.runs.list()).toHaveLength(8);
  });

  it('repeats a run that a person stopped, and goes on', async () => {
    harness = await RunHarness.open({ nodeCount: 2 });
    const { id } = harness.series.start(quick({ conditions: [{ ...quick().conditions[1]!, taskCount: 60 }], repetitions: 1 }));
    await until(id, ({ counts }) => counts.running > 0);
    await harness.runs.stopNow(harness.runs.list()[0]!.id);
    const done = await ended(id);
    expect(done.state).toBe('succeeded');
    expect(done.cells.map(({ tries }) => tries)).toEqual([2, 1]);
  });

  it('is refused where its runs could not start', async () => {
    harness = await RunHarness.open({ nodeCount: 1, promptCount: 10 });
    expect(() => harness!.series.start(quick())).toThrow(/\|N\| is 20, but dataset “Captions” has 10 prompts/);
    expect(harness.series.estimate(quick())).toMatchObject({
      runCount: 8,
      taskCount: 84,
      problems: [expect.stringContaining('10 prompts')],
    });
    expect(harness.series.list()).toEqual([]);
  });

  it('leaves its runs when it is removed', async () => {
    harness = await RunHarness.open({ nodeCount: 1 });
    const { id } = harness.series.start(quick({ conditions: quick().conditions.slice(0, 1), repetitions: 1 }));
    expect(() => harness!.series.remove(id)).toThrow(/can't be removed/);
    await ended(id);
    harness.series.remove(id);
    expect(harness.series.list()).toEqual([]);
    expect(harness.runs.list().map(({ series }) => series)).toEqual([null, null]);
  });
});
