import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';

import { type Admission, EdgeServer, type Execution } from '../../../src/agent/edge-server/edge-server.js';
import type { ScaledClock } from '../../../src/agent/scaled-clock.js';
import type { GeneratedImage, GenerateOptions, GenerationTask, Worker } from '../../../src/agent/worker/worker.js';
import type { SchedulingSettings } from '../../../src/shared/scheduling-settings.js';
import { leaseOfTask } from '../../../src/shared/task-life/lease.js';
import { type Task, TaskSchema } from '../../../src/shared/rpc/gen/agent_pb.js';

/** A worker whose computations end when the test says so. */
class HandWorker implements Worker {
  readonly expect = (): void => undefined;
  readonly kind = 'hand';
  readonly fixedSec = 4;
  readonly secPerStep = 1;
  readonly started: string[] = [];
  /** How many times as long as its record says a computation takes. */
  slowness = 1;
  #finish: (() => void) | null = null;

  problem(): null {
    return null;
  }

  figures(): null {
    return null;
  }

  generate(task: GenerationTask, { startMs, signal, onStep }: GenerateOptions): Promise<GeneratedImage> {
    this.started.push(task.prompt);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')));
      this.#finish = () => {
        onStep(task.qualitySteps);
        const endMs = startMs + (this.fixedSec + task.qualitySteps * this.secPerStep) * 1000 * this.slowness;
        const image = { bytes: new Uint8Array([1]), widthPx: 1, heightPx: 1, mediaType: 'image/png', isSimulated: true } as const;
        resolve({ ...image, computedSteps: task.qualitySteps, endMs, timings: null });
      };
    });
  }

  finish(): void {
    this.#finish?.();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let nowMs = 0;
let settings: SchedulingSettings = {};
let worker: HandWorker;
let server: EdgeServer;
let ended: Execution[];
/** Most tasks that it may hold; undefined: as many as come. */
let heldLimit: number | undefined;
let roomCount = 0;
let onNextEnd: (() => void) | null = null;

beforeEach(() => {
  nowMs = 0;
  settings = {};
  worker = new HandWorker();
  const clock: ScaledClock = { timeScale: 1, nowMs: () => nowMs, waitUntil: () => Promise.resolve() };
  const runs = { settingsOf: () => settings, latestId: () => 'r' };
  heldLimit = undefined;
  roomCount = 0;
  server = new EdgeServer({
    ...{ nodeId: 'es', instanceId: 'i', linkMbps: 0, clock, worker, runs, onChange: () => undefined },
    heldLimitOf: () => heldLimit,
    onRoom: () => (roomCount += 1),
  });
  ended = [];
});

function task(id: string, changes: Omit<MessageInitShape<typeof TaskSchema>, '$typeName'> = {}): Task {
  return create(TaskSchema, {
    id,
    runId: 'r',
    leaseEpoch: 1,
    baseStationId: 'bs',
    prompt: id,
    qualitySteps: 6,
    widthPx: 64,
    heightPx: 64,
    ...changes,
  });
}

function admit(offered: Task, changes: Partial<Admission> = {}) {
  const onEnd = (execution: Execution): void => {
    ended.push(execution);
    onNextEnd?.();
  };
  return server.admit(offered, { expectedBacklogMs: -1, slackMs: 0, onEnd, ...changes });
}

/** Lets the running computation end at `atMs` and waits until its caller was told. */
async function finishRunning(atMs: number): Promise<void> {
  const notified = new Promise<void>((resolve) => (onNextEnd = resolve));
  nowMs = atMs;
  worker.finish();
  await notified;
}

describe('a limit', () => {
  it('refuses what comes beyond it, forced offers too, until one is done', async () => {
    heldLimit = 2;
    expect(['a', 'b', 'c'].map((id) => admit(task(id)))).toEqual(['accepted', 'accepted', 'refused']);
    // What is held already is said once more, and a newer lease takes its place.
    expect(admit(task('b'))).toBe('accepted');
    expect(admit(task('b', { leaseEpoch: 2 }))).toBe('accepted');
    await finishRunning(10_000);
    expect(roomCount).toBe(1);
    expect(admit(task('c'))).toBe('accepted');
    expect(admit(task('d'))).toBe('refused');
  });

  it('is no limit where a run names none', async () => {
    for (const id of ['a', 'b', 'c']) expect(admit(task(id))).toBe('accepted');
    await finishRunning(10_000);
    expect(roomCount).toBe(0);
  });
});

describe('the queue', () => {
  it('executes first come, first served', async () => {
    for (const id of ['a', 'b', 'c']) admit(task(id));
    await finishRunning(10_000);
    await finishRunning(20_000);
    expect(worker.started).toEqual(['a', 'b', 'c']);
  });

  it('executes the shortest of a run first where the run asks for it, and equal ones as they came', async () => {
    settings = { queueOrder: 'shortest-first' };
    const steps = { running: 9, long: 8, a: 3, b: 3, short: 1 };
    for (const [id, qualitySteps] of Object.entries(steps)) admit(task(id, { qualitySteps }));
    for (let atMs = 10_000; atMs <= 40_000; atMs += 10_000) await finishRunning(atMs);
    expect(worker.started).toEqual(['running', 'short', 'a', 'b', 'long']);
  });

  it('lets runs come in the order of their first tasks, whatever their own orders', async () => {
    settings = { queueOrder: 'shortest-first' };
    admit(task('a1', { qualitySteps: 9 }));
    admit(task('a2', { qualitySteps: 9 }));
    admit(task('b1', { runId: 's', qualitySteps: 1 }));
    admit(task('a3', { qualitySteps: 5 }));
    for (const atMs of [10_000, 20_000, 30_000]) await finishRunning(atMs);
    expect(worker.started).toEqual(['a1', 'a3', 'a2', 'b1']);
  });

  it('reckons with the speed that it has seen where the run asks for it, and reports that', async () => {
    settings = { speedWeight: 1 };
    // By its record an image of 6 steps takes 10 s; the first one takes 10 s as well.
    admit(task('a'));
    admit(task('b'));
    await finishRunning(10_000);
    expect(server.queueState()).toMatchObject({ fixedMs: 4_000, perStepMs: 1_000, backlogMs: 10_000 });
    // From now on the node takes twice as long.
    worker.slowness = 2;
    await finishRunning(30_000);
    admit(task('c'));
    admit(task('d'));
    expect(server.queueState()).toMatchObject({ fixedMs: 8_000, perStepMs: 2_000, backlogMs: 40_000 });
  });

  it('keeps to its record where no one asks for the speeds seen', async () => {
    worker.slowness = 2;
    admit(task('a'));
    await finishRunning(20_000);
    expect(server.queueState()).toMatchObject({ fixedMs: 4_000, perStepMs: 1_000 });
  });

  it('has started the next task by the time it tells about the last', async () => {
    admit(task('a'));
    admit(task('b'));
    let startedAtEnd: string[] = [];
    const notified = new Promise<void>((resolve) => {
      onNextEnd = () => {
        startedAtEnd = [...worker.started];
        resolve();
      };
    });
    worker.finish();
    await notified;
    expect(startedAtEnd).toEqual(['a', 'b']);
  });

  it('measures waiting and computing', async () => {
    admit(task('a'));
    nowMs = 3_000;
    admit(task('b'));
    await finishRunning(10_000);
    await finishRunning(20_000);
    expect(ended[1]).toMatchObject({ waitingMs: 7_000, computeMs: 10_000, startMs: 10_000, endMs: 20_000 });
  });

  it('counts the rest of the running task and all queued ones as backlog', () => {
    admit(task('a'));
    admit(task('b'));
    nowMs = 4_000;
    expect(server.backlogMs()).toBe(16_000);
  });
});

describe('admission', () => {
  it('refuses an offer whose belief is below the backlog', () => {
    admit(task('a'));
    expect(admit(task('b'), { expectedBacklogMs: 0, slackMs: 100 })).toBe('refused');
  });

  it('accepts an offer whose belief is right within the slack', () => {
    admit(task('a'));
    expect(admit(task('b'), { expectedBacklogMs: 9_950, slackMs: 100 })).toBe('accepted');
  });

  it('accepts a lease it already has without executing it twice', async () => {
    admit(task('a'));
    expect(admit(task('a'))).toBe('accepted');
    await finishRunning(10_000);
    expect(admit(task('a'))).toBe('accepted');
    expect(worker.started).toEqual(['a']);
  });

  it('lets a newer lease take over the place of a queued older one', async () => {
    admit(task('a'));
    admit(task('b'));
    admit(task('c'));
    admit(task('b', { leaseEpoch: 2 }));
    await finishRunning(10_000);
    await finishRunning(20_000);
    await finishRunning(30_000);
    expect(ended.map((end) => [end.task.id, end.task.leaseEpoch])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
  });

  it('says so when it has a newer lease', () => {
    admit(task('a', { leaseEpoch: 3 }));
    expect(admit(task('a', { leaseEpoch: 2 }))).toBe('lease-outdated');
  });
});

describe('withdrawal', () => {
  const leases = ['a', 'b'].map((id) => leaseOfTask(task(id)));

  it('stops the running task and never tells its caller', async () => {
    admit(task('a'));
    admit(task('b'));
    expect(server.withdraw([leaseOfTask(task('a'))], { keepRunning: false })).toEqual([]);
    await expect.poll(() => worker.started).toEqual(['a', 'b']);
    await finishRunning(10_000);
    expect(ended.map((end) => end.task.id)).toEqual(['b']);
  });

  it('leaves the running task alone when asked to', () => {
    admit(task('a'));
    admit(task('b'));
    expect(server.withdraw(leases, { keepRunning: true })).toEqual([leaseOfTask(task('a'))]);
    expect(server.queueState().queueLength).toBe(0);
  });
});

describe('hold', () => {
  it('finishes what runs and starts nothing', async () => {
    admit(task('a'));
    admit(task('b'));
    server.setHold('r', true);
    await finishRunning(10_000);
    expect(worker.started).toEqual(['a']);
    expect(server.queueState()).toMatchObject({ queueLength: 1, isDraining: false });
  });

  it('continues when released', async () => {
    server.setHold('r', true);
    admit(task('a'));
    server.setHold('r', false);
    expect(worker.started).toEqual(['a']);
  });

  it('does not hold tasks of another run', () => {
    server.setHold('r', true);
    admit(task('a'));
    admit(task('b', { runId: 'other' }));
    expect(worker.started).toEqual(['b']);
  });
});
