// This computer can't store results for a while: locked database, full disk. The run says so, loses nothing, and continues by itself.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { findExhaustion, StorageFailure } from '../../../src/main/foundation/storage-failure.js';
import { DATABASE_FILE_NAME } from '../../../src/main/adapters/storage/open-database.js';
import type { ImageSink } from '../../../src/main/domain/runs/outcome-intake.js';
import type { RunLive } from '../../../src/shared/run.js';
import { reasonsButMachine, RunHarness } from '../../support/run-harness.js';

const TASKS = 60;
let harness: RunHarness;
let locker: BetterSqlite3.Database | null = null;
afterEach(async () => {
  if (locker?.inTransaction) locker.exec('COMMIT');
  locker?.close();
  locker = null;
  await harness.dispose();
});

function lock(): void {
  locker = new BetterSqlite3(join(harness.dataDir, DATABASE_FILE_NAME));
  locker.exec('BEGIN IMMEDIATE');
}

function expectWhole(live: RunLive['run']): void {
  expect(live.state).toBe('succeeded');
  expect(live.counts).toMatchObject({ total: TASKS, succeeded: TASKS, resent: 0 });
  expect(live.validity.reasons.join(' ')).not.toContain('lost');
}

describe('a database that another program locks', () => {
  it('holds the run in words, takes no node for lost and no result twice, and continues by itself', async () => {
    harness = await RunHarness.open({ leaseTimeoutMs: 1000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    lock();
    const held = await harness.until(id, (live) => live.hold !== null);
    expect(held.run.state).toBe('paused');
    expect(held.hold).toMatchObject({ error: { code: 'conflict' }, path: harness.dataDir });
    expect(held.hold?.error.message).toContain('locked by another program');
    // Several times as long as a silent node is waited for; nodes answer all the while.
    const later = await harness.until(id, (live) => (live.hold?.tries ?? 0) >= 5);
    expect(later.nodes.every((node) => node.isConnected)).toBe(true);
    locker?.exec('COMMIT');
    const ended = await harness.ended(id);
    expectWhole(ended);
    expect(ended.validity.reasons.join(' ')).toMatch(/For \d+ s nothing could be stored on this computer: .* locked/);
  });

  it('continues at once when it is told to and the lock is gone', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    lock();
    await harness.until(id, (live) => live.hold !== null);
    locker?.exec('COMMIT');
    expect((await harness.runs.resume(id)).state).toBe('running');
    expectWhole(await harness.ended(id));
  });

  it('holds the start of a run in words too, and counts nothing of that against it', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    lock();
    const held = await harness.until(id, (live) => live.hold !== null);
    expect(held.run).toMatchObject({ state: 'queued', counts: { sent: 0 } });
    locker?.exec('COMMIT');
    const ended = await harness.ended(id);
    expectWhole(ended);
    expect(reasonsButMachine(ended)).toEqual([]);
    // The run started when that could be written, not when it was agreed upon before.
    expect(Math.min(...harness.store.listAttempts(id).map((attempt) => attempt.sentMs))).toBeLessThan(1000 * ended.timeScale);
  });
});

describe('a folder of images that can not be written', () => {
  it('says what is missing and how much, and continues when there is room', async () => {
    const disk = smallDisk();
    harness = await RunHarness.open({ images: disk.images });
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    const held = await harness.until(id, (live) => live.hold !== null);
    expect(held.run.state).toBe('paused');
    expect(held.hold).toMatchObject({ error: { code: 'no-space', message: expect.stringContaining('No space') as string } });
    expect(held.hold?.neededBytes).toBeGreaterThan(0);
    disk.free();
    const ended = await harness.ended(id);
    expectWhole(ended);
    expect(disk.stored()).toBeGreaterThanOrEqual(TASKS);
  });

  it('keeps what waits when the program ends, and finishes at the next start', async () => {
    const disk = smallDisk();
    harness = await RunHarness.open({ images: disk.images });
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    await harness.until(id, (live) => (live.hold?.tries ?? 0) >= 2);
    await harness.stopProgram();
    disk.free();
    await harness.startProgram();
    const ended = await harness.ended(id);
    expect(ended.counts).toMatchObject({ total: TASKS, succeeded: TASKS });
  });

  it('stays paused for the person who paused it, whatever the disk does', async () => {
    const disk = smallDisk({ roomFor: Infinity });
    harness = await RunHarness.open({ images: disk.images });
    const { id } = await harness.runs.start(harness.spec({ taskCount: TASKS }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    // Before anything else can happen: what computes now comes home to a full disk.
    disk.fill();
    await harness.runs.pause(id);
    await harness.until(id, (live) => live.hold !== null);
    disk.free();
    const free = await harness.until(id, (live) => live.hold === null);
    expect(free.run.state).toBe('paused');
    await harness.runs.resume(id);
    expectWhole(await harness.ended(id));
  });
});

it('takes a computer that is out of file handles for what it is, not for a node that fails', () => {
  const refused = Object.assign(new Error('connect EMFILE'), { code: 'EMFILE' });
  expect(findExhaustion(new Error('Node node-1 could not send an image', { cause: refused }))).toMatchObject({
    code: 'io',
    message: expect.stringContaining('too many files open') as string,
  });
  expect(findExhaustion(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBeNull();
});

/** Stores a few images, then nothing until it is freed. */
function smallDisk({ roomFor = 3 } = {}): { images: ImageSink; fill(): void; free(): void; stored(): number } {
  let left = roomFor;
  let stored = 0;
  const refuse = (neededBytes: number): Promise<never> =>
    Promise.reject(new StorageFailure('no-space', 'No space is left for images', 'Free some.', { path: '/', freeBytes: 0, neededBytes }));
  return {
    fill: () => (left = 0),
    free: () => (left = Infinity),
    stored: () => stored,
    images: {
      probe: (sizeBytes) => (left === 0 ? refuse(sizeBytes) : Promise.resolve()),
      storeImage: (bytes) => {
        if (left === 0) return refuse(bytes.length);
        left -= 1;
        stored += 1;
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return Promise.resolve({ sha256, sizeBytes: bytes.length, widthPx: 512, heightPx: 512, mediaType: 'image/png' });
      },
    },
  };
}
