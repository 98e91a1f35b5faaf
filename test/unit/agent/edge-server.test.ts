import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';

import { type Admission, EdgeServer, type Execution } from '../../../src/agent/edge-server/edge-server.js';
import type { ScaledClock } from '../../../src/agent/scaled-clock.js';
import type { GeneratedImage, GenerateOptions, GenerationTask, Worker } from '../../../src/agent/worker/worker.js';
import { leaseOfTask } from '../../../src/shared/task-life/lease.js';
import { type Task, TaskSchema } from '../../../src/shared/rpc/gen/agent_pb.js';

/** A worker whose computations end when the test says so. */
class HandWorker implements Worker {
  readonly expect = (): void => undefined;
  readonly kind = 'hand';
  readonly fixedSec = 4;
  readonly secPerStep = 1;
  readonly started: string[] = [];
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
        const endMs = startMs + (this.fixedSec + task.qualitySteps * this.secPerStep) * 1000;
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
let worker: HandWorker;
let server: EdgeServer;
let ended: Execution[];
let onNextEnd: (() => void) | null = null;

beforeEach(() => {
  nowMs = 0;
  worker = new HandWorker();
  const clock: ScaledClock = { timeScale: 1, nowMs: () => nowMs, waitUntil: () => Promise.resolve() };
  server = new EdgeServer({ nodeId: 'es', instanceId: 'i', linkMbps: 0, clock, worker, onChange: () => undefined });
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

describe('the queue', () => {
  it('executes first come, first served', async () => {
    for (const id of ['a', 'b', 'c']) admit(task(id));
    await finishRunning(10_000);
    await finishRunning(20_000);
    expect(worker.started).toEqual(['a', 'b', 'c']);
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
