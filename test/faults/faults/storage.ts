// A computer that can't store results for a while: the run holds, says why, and goes on by itself.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { mountSmallDisk } from '../../support/small-disk.js';
import { databasePathOf, queryNumber } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultBench } from '../fault-bench.js';
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
  begin(): void;
  end(): void;
  /** What the program is to say of it. */
  words: RegExp;
  lastsMs: number;
}

async function holdThrough(bench: FaultBench, program: ProgramProcess, { begin, end, words, lastsMs }: Hindrance): Promise<void> {
  const runId = await bench.untilAccepted(5);
  begin();
  try {
    await bench.until('the program says why the run waits', () => words.test(program.said));
    await delay(lastsMs);
    hold(!program.hasEnded, `The program ended instead of waiting: ${program.said.slice(-1500)}`);
  } finally {
    end();
  }
  await bench.end(program, { status: 0 });
  const { validity } = await bench.holdAll(runId, TASKS);
  const reasons = validity.reasons.join(' ');
  hold(/nothing could be stored/.test(reasons), `The run does not say that it had to wait: ${reasons}`);
  // Nobody was lost: the fault was this computer's own.
  hold(!/was lost while/.test(reasons), `A node counts as lost for a fault of this computer: ${reasons}`);
}

const fullDisk: Fault = {
  name: 'full-disk',
  isShort: true,
  copies: { short: 1, long: 2 },
  whyNot: whyNoMount,
  async inject(bench) {
    const disk = mountSmallDisk(96);
    hold(disk !== null, 'The disk could not be mounted');
    bench.afterwards(() => disk.remove());
    bench.dataDir = join(disk.dir, 'data');
    await bench.prepare({ nodes: 2, timeScale: 40 });
    const lastsMs = bench.isLong ? bench.random.nextInt(5_000, 25_000) : 2_000;
    const hindrance = { begin: () => disk.fill(), end: () => disk.free(), words: /No space is left/, lastsMs };
    await holdThrough(bench, bench.startRun(TASKS), hindrance);
  },
};

const lockedDatabase: Fault = {
  name: 'locked-database',
  isShort: true,
  async inject(bench) {
    await bench.prepare({ nodes: 2, timeScale: 40 });
    const program = bench.startRun(TASKS);
    const other = new BetterSqlite3(databasePathOf(bench.dataDir), { timeout: 30_000 });
    bench.afterwards(() => void other.close());
    await holdThrough(bench, program, {
      begin: () => other.exec('BEGIN IMMEDIATE'),
      end: () => other.exec('ROLLBACK'),
      words: /locked/,
      lastsMs: bench.isLong ? 60_000 : 4_000,
    });
    const resent = queryNumber(bench.dataDir, 'SELECT count(*) FROM tasks WHERE attempt_count > 1');
    hold(resent === 0, `${resent} tasks were sent again because the database was locked`);
  },
};

const readOnlyImages: Fault = {
  name: 'images-read-only',
  isShort: false,
  whyNot: whyNoMount,
  async inject(bench) {
    await bench.prepare({ nodes: 2, timeScale: 40 });
    const images = join(bench.dataDir, 'images');
    mkdirSync(images, { recursive: true });
    execFileSync('mount', ['--bind', images, images]);
    bench.afterwards(() => void execFileSync('umount', ['--lazy', images]));
    const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,bind,${how}`, images]);
    const hindrance = { begin: () => remount('ro'), end: () => remount('rw'), words: /read-only/, lastsMs: 10_000 };
    await holdThrough(bench, bench.startRun(TASKS), hindrance);
  },
};

export const storageFaults: readonly Fault[] = [fullDisk, lockedDatabase, readOnlyImages];
