import { beforeEach, describe, expect, it } from 'vitest';
import type { JobEngine } from '../../../src/main/domain/jobs/job-engine.js';
import { AppError } from '../../../src/shared/errors.js';
import type { Job } from '../../../src/shared/job.js';
import { type LedKind, makeJobEngine, MemoryJobStore, plugInLedKind } from '../../support/job-fixtures.js';

const never = new AbortController().signal;

let store: MemoryJobStore;
let engine: JobEngine;
let kind: LedKind;

beforeEach(() => {
  store = new MemoryJobStore();
  engine = makeJobEngine({ store });
  kind = plugInLedKind(engine);
});

/** Every snapshot until the job has stopped. */
async function follow(id: string, onEach: (job: Job) => void = () => undefined): Promise<Job[]> {
  const seen: Job[] = [];
  for await (const job of engine.watchOne(id, never)) {
    seen.push(job);
    onEach(job);
  }
  return seen;
}

describe('a job', () => {
  it('is on disk before its work starts', () => {
    let onDisk: unknown;
    const looking = plugInLedKind(engine, {
      run: ({ id }) => {
        onDisk = store.get(id);
        return Promise.resolve({ state: 'succeeded' });
      },
    });
    looking.start();
    expect(onDisk).toMatchObject({ state: 'running', detail: { done: 0 }, startedAtMs: 1_000, finishedAtMs: null });
  });

  it('does not start where the disk refuses it', () => {
    store.isFull = true;
    expect(() => kind.start()).toThrow(expect.objectContaining({ code: 'no-space' }));
    expect(kind.works).toEqual([]);
    expect(engine.list()).toEqual([]);
  });

  it('keeps what came of it, with its log', async () => {
    const id = kind.start();
    kind.works[0]!.context.log('First');
    kind.works[0]!.context.change({ done: 10, total: 10 });
    kind.works[0]!.end({ state: 'succeeded', outcome: 'All done' });
    await follow(id);
    expect(store.get(id)).toMatchObject({ state: 'succeeded', outcome: 'All done', detail: { done: 10 }, finishedAtMs: 1_000 });
    expect(engine.get(id)).toMatchObject({ state: 'succeeded', commands: [], progress: null, log: [{ atMs: 1_000, text: 'First' }] });
  });

  it('that fails says why, and can be resumed with what it had', async () => {
    const id = kind.start();
    kind.works[0]!.context.change({ done: 4, total: 10 });
    kind.works[0]!.fail(new AppError('io', 'The cable is out', 'Plug it in.'));
    await follow(id);
    expect(engine.get(id)).toMatchObject({ state: 'failed', error: { code: 'io', hint: 'Plug it in.' }, commands: ['resume'] });
    expect(engine.resume(id)).toMatchObject({ id, state: 'running', error: null });
    expect(kind.works[1]!.context.detail).toEqual({ done: 4, total: 10 });
  });

  it('whose end the disk does not take is told of all the same', async () => {
    const id = kind.start();
    store.isFull = true;
    kind.works[0]!.end({ state: 'succeeded' });
    await follow(id);
    expect(engine.get(id).state).toBe('succeeded');
  });

  it('is not found by another id, nor by another kind', () => {
    const id = kind.start();
    const other = plugInLedKind(engine, { kind: 'training' });
    expect(() => engine.get('led-99')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => other.jobs.get(id)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('stopping', () => {
  it('by cancelling ends when the work has', async () => {
    const slow = plugInLedKind(engine, { heedsNothing: true });
    const id = slow.start();
    const cancelling = engine.cancel(id);
    expect(engine.get(id)).toMatchObject({ state: 'stopping', commands: [], remaining: null });
    slow.works[0]!.end({ state: 'succeeded' });
    expect(await cancelling).toMatchObject({ state: 'succeeded' });
    expect((await engine.cancel(id)).state).toBe('succeeded');
  });

  it('by cancelling is final', async () => {
    const id = kind.start();
    expect(await engine.cancel(id)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' }, finishedAtMs: 1_000 });
    expect(() => engine.resume(id)).toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining('is cancelled') }),
    );
  });

  it('by pausing can be resumed under the same id, or given up', async () => {
    const id = kind.start();
    expect(await engine.pause(id)).toMatchObject({ state: 'paused', finishedAtMs: null, commands: ['cancel', 'resume'] });
    expect(engine.resume(id).id).toBe(id);
    await engine.pause(id);
    expect((await engine.cancel(id)).state).toBe('cancelled');
    expect(store.get(id)?.state).toBe('cancelled');
  });

  it('by cancelling wins over a pause that was asked for before', async () => {
    const slow = plugInLedKind(engine, { heedsNothing: true });
    const id = slow.start();
    const [pausing, cancelling] = [engine.pause(id), engine.cancel(id)];
    slow.works[0]!.end({ state: 'paused' });
    await Promise.all([pausing, cancelling]);
    expect(engine.get(id).state).toBe('cancelled');
  });

  it('by pausing is refused where the kind can not', async () => {
    const rigid = plugInLedKind(engine, { canPause: false });
    const id = rigid.start();
    await expect(engine.pause(id)).rejects.toMatchObject({ code: 'conflict', hint: 'It can be canceled now.' });
    expect(engine.get(id).state).toBe('running');
  });
});

describe('a program that was killed', () => {
  it('leaves jobs that the next one tells as interrupted and continues with', () => {
    const id = kind.start();
    kind.works[0]!.context.change({ done: 7, total: 10 });
    kind.works[0]!.context.keep();
    kind.works[0]!.context.change({ done: 8, total: 10 });
    const next = makeJobEngine({ store });
    const nextKind = plugInLedKind(next);
    expect(next.get(id)).toMatchObject({ state: 'paused', commands: ['cancel', 'resume'] });
    next.resume(id);
    expect(nextKind.works[0]!.context.detail).toEqual({ done: 7, total: 10 });
  });

  it('shows what the next one resumed among its own, while it runs and when it has ended', async () => {
    const id = kind.start();
    const clock = { nowMs: 2_000 };
    const next = makeJobEngine({ store, nowMs: () => clock.nowMs });
    const { jobs, works } = plugInLedKind(next);
    expect(jobs.recent()).toMatchObject([{ id, state: 'paused' }]);
    next.resume(id);
    expect(jobs.recent()).toMatchObject([{ id, state: 'running' }]);
    clock.nowMs = 3_000;
    works[0]!.end({ state: 'succeeded' });
    await jobs.whenEnded(id);
    expect(jobs.recent()).toMatchObject([{ id, state: 'succeeded' }]);
    expect(plugInLedKind(makeJobEngine({ store, nowMs: () => 4_000 })).jobs.recent()).toEqual([]);
  });

  it('may differ from others of its kind in whether it pauses, by its title', async () => {
    const title = 'Work';
    const { jobs, start } = plugInLedKind(engine, {
      canPause: (job) => job.title === title,
      interruptedState: (job) => (job.title === title ? 'paused' : 'failed'),
    });
    const subject = { kind: 'testbed', id: 'testbed-1', name: 'Lab' } as const;
    const other = jobs.start({ title: 'Other work', subject, detail: { done: 0, total: 1 } }).id;
    const id = start();
    expect([id, other].map((each) => engine.get(each))).toMatchObject([
      { canPause: true, commands: ['pause', 'cancel'] },
      { canPause: false, commands: ['cancel'] },
    ]);
    await expect(engine.pause(other)).rejects.toMatchObject({ code: 'conflict' });
    const next = makeJobEngine({ store });
    plugInLedKind(next, { canPause: true, interruptedState: (job) => (job.title === title ? 'paused' : 'failed') });
    expect([id, other].map((each) => next.get(each).state)).toEqual(['paused', 'failed']);
    await engine.close();
    expect([id, other].map((each) => engine.get(each).state)).toEqual(['paused', 'cancelled']);
  });

  it('leaves what can not continue as failed, and says why', () => {
    const id = kind.start();
    const next = makeJobEngine({ store });
    plugInLedKind(next, { interruptedState: 'failed', isResumable: () => false });
    const error = { code: 'partial-failure', message: 'The program ended before this was done' };
    expect(next.get(id)).toMatchObject({ state: 'failed', error, commands: [] });
    expect(next.list()).toMatchObject([{ state: 'failed', error }]);
  });

  it('is not taken for killed by one that only reads', () => {
    const id = kind.start();
    const reader = makeJobEngine({ store, isOwner: false });
    plugInLedKind(reader);
    expect(reader.get(id).state).toBe('running');
  });
});

describe('a program that only reads', () => {
  it('does its own jobs and leaves the record alone', async () => {
    engine = makeJobEngine({ store, isOwner: false });
    kind = plugInLedKind(engine);
    const id = kind.start();
    expect(store.rows.size).toBe(0);
    kind.works[0]!.end({ state: 'succeeded' });
    await follow(id);
    expect(engine.list()).toMatchObject([{ id, state: 'succeeded' }]);
    expect(store.rows.size).toBe(0);
  });
});

describe('watching', () => {
  it('tells a slow reader the newest state only, and always the last', async () => {
    const id = kind.start();
    const { context, end } = kind.works[0]!;
    const seen = await follow(id, ({ state }) => {
      if (state !== 'running') return;
      for (let done = 1; done <= 10; done++) context.change({ done, total: 10 });
      end({ state: 'succeeded' });
    });
    expect(seen.map(({ state }) => state)).toEqual(['running', 'succeeded']);
  });

  it('of a job that has ended tells it once', async () => {
    const id = kind.start();
    await engine.cancel(id);
    expect(await follow(id)).toHaveLength(1);
  });

  it('of all jobs tells a new one', async () => {
    const watching = engine.watch({}, never)[Symbol.asyncIterator]();
    expect((await watching.next()).value).toEqual([]);
    kind.start();
    expect((await watching.next()).value).toMatchObject([{ state: 'running', subject: { name: 'Lab' } }]);
    await watching.return?.();
  });

  it('can be of one kind, or of what is under way', async () => {
    const other = plugInLedKind(engine, { kind: 'training' });
    const [ended, open] = [kind.start(), other.start()];
    await engine.cancel(ended);
    expect(engine.list({ kind: 'calibration' }).map(({ id }) => id)).toEqual([ended]);
    expect(engine.list({ isOpen: true }).map(({ id }) => id)).toEqual([open]);
    expect(engine.list()).toHaveLength(2);
  });
});

describe('retention', () => {
  it('leaves an ended job as it is when the program closes whose end the disk did not take', async () => {
    const id = kind.start();
    store.isFull = true;
    kind.works[0]!.end({ state: 'succeeded' });
    await follow(id);
    await engine.close();
    expect(engine.get(id).state).toBe('succeeded');
  });

  it('forgets the oldest that have ended, and none that can still be resumed or runs', async () => {
    const running = kind.start();
    const paused = kind.start();
    await engine.pause(paused);
    const ended: string[] = [];
    for (let index = 0; index < 5; index++) {
      ended.push(kind.start());
      await engine.cancel(ended[index]!);
    }
    expect(new Set(engine.list().map(({ id }) => id))).toEqual(new Set([running, paused, ...ended.slice(2)]));
    expect(new Set(store.rows.keys())).toEqual(new Set([running, paused, ...ended.slice(2)]));
  });

  it('keeps all of a kind that is a record', async () => {
    const kept = plugInLedKind(engine, { keepEnded: 'all' });
    for (let index = 0; index < 5; index++) await engine.cancel(kept.start());
    expect(engine.list()).toHaveLength(5);
  });

  it('takes one off the record when asked, but none that runs', async () => {
    const id = kind.start();
    expect(() => kind.jobs.remove(id)).toThrow(expect.objectContaining({ code: 'conflict' }));
    await engine.cancel(id);
    kind.jobs.remove(id);
    expect(engine.list()).toEqual([]);
    expect(store.rows.size).toBe(0);
  });
});

describe('the end of the program', () => {
  it('pauses what can be paused and cancels the rest', async () => {
    const rigid = plugInLedKind(engine, { kind: 'model-push', canPause: false });
    const [pausable, other] = [kind.start(), rigid.start()];
    await engine.close();
    expect([engine.get(pausable).state, engine.get(other).state]).toEqual(['paused', 'cancelled']);
    expect(() => kind.start()).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('is not held up by work that heeds nothing: it is told to give up, and counts as interrupted', async () => {
    const deaf = plugInLedKind(engine, { heedsNothing: true });
    const id = deaf.start();
    await deaf.jobs.close(1, 1);
    expect(deaf.works[0]!.context.cancelling.aborted).toBe(true);
    const next = makeJobEngine({ store });
    plugInLedKind(next);
    expect(next.get(id).state).toBe('paused');
  });

  it('leaves a job that was given up as paused, not as cancelled', async () => {
    const stubborn = plugInLedKind(engine, {
      run: (context) =>
        new Promise((_, reject) => {
          context.cancelling.addEventListener('abort', () => reject(new Error('killed')));
        }),
    });
    const id = stubborn.start();
    await stubborn.jobs.close(1);
    expect(store.get(id)).toMatchObject({ state: 'paused', error: null });
  });
});
