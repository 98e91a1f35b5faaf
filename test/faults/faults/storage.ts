// A computer that can't store results for a while: the run holds, says why, and continues by itself.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { mountSmallDisk } from '../../support/small-disk.js';
import { databasePathOf, queryNumber } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import type { ProgramProcess } from '../program-process.js';

const TASKS = 80;

let mountReason: string | null | undefined;

function whyNoMount(): string | null {
  if (mountReason === undefined) {
    const disk = mountSmallDisk(1);
    disk?.remove();
    mountReason = disk ? null : 'this user may not mount a file system (root can)';
  }
  return mountReason;
}

interface Hindrance {
  /** From here on nothing can be stored. */
  start(): void;
  end(): void;
  /** What the program is to say of it. */
  words: RegExp;
  lastsMs: number;
}

async function holdThrough(harness: FaultHarness, program: ProgramProcess, { start, end, words, lastsMs }: Hindrance): Promise<void> {
  const runId = await harness.untilAccepted(5);
  start();
  try {
    await harness.until('the program says why the run waits', () => words.test(program.said));
    await delay(lastsMs);
    hold(!program.hasEnded, `The program ended instead of waiting: ${program.said.slice(-1500)}`);
  } finally {
    end();
  }
  await harness.end(program, { status: 0 });
  const { validity } = await harness.holdAll(runId, TASKS);
  const reasons = validity.reasons.join(' ');
  hold(/nothing could be stored/.test(reasons), `The run does not say that it had to wait: ${reasons}`);
  // No one was lost: the fault was this computer's own.
  hold(!/was lost while/.test(reasons), `A node counts as lost for a fault of this computer: ${reasons}`);
}

const fullDisk: Fault = {
  name: 'full-disk',
  isShort: true,
  copies: { short: 1, long: 2 },
  whyNot: whyNoMount,
  async inject(harness) {
    const disk = mountSmallDisk(96);
    hold(disk !== null, 'The disk could not be mounted');
    harness.afterwards(() => disk.remove());
    harness.dataDir = join(disk.dir, 'data');
    await harness.prepare({ nodes: 2, timeScale: 40 });
    const lastsMs = harness.isLong ? harness.random.nextInt(5_000, 25_000) : 2_000;
    const hindrance = { start: () => disk.fill(), end: () => disk.free(), words: /No space is left/, lastsMs };
    await holdThrough(harness, harness.startRun(TASKS), hindrance);
  },
};

const lockedDatabase: Fault = {
  name: 'locked-database',
  isShort: true,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 40 });
    const program = harness.startRun(TASKS);
    const other = new BetterSqlite3(databasePathOf(harness.dataDir), { timeout: 30_000 });
    harness.afterwards(() => void other.close());
    await holdThrough(harness, program, {
      start: () => other.exec('BEGIN IMMEDIATE'),
      end: () => other.exec('ROLLBACK'),
      words: /locked/,
      lastsMs: harness.isLong ? 60_000 : 4_000,
    });
    const resent = queryNumber(harness.dataDir, 'SELECT count(*) FROM tasks WHERE attempt_count > 1');
    hold(resent === 0, `${resent} tasks were re-sent because the database was locked`);
  },
};

const readOnlyImages: Fault = {
  name: 'images-read-only',
  isShort: false,
  whyNot: whyNoMount,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 40 });
    const images = join(harness.dataDir, 'images');
    mkdirSync(images, { recursive: true });
    execFileSync('mount', ['--bind', images, images]);
    harness.afterwards(() => void execFileSync('umount', ['--lazy', images]));
    const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,bind,${how}`, images]);
    const hindrance = { start: () => remount('ro'), end: () => remount('rw'), words: /read-only/, lastsMs: 10_000 };
    await holdThrough(harness, harness.startRun(TASKS), hindrance);
  },
};

export const storageFaults: readonly Fault[] = [fullDisk, lockedDatabase, readOnlyImages];
