// Files that are not what they were when the program starts.
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { databasePathOf, listImageFiles, newestRun } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';

const TASKS = 12;
const DAMAGED_STATUS = 8;
const IMAGES_DAMAGED_STATUS = 5;

function flipBit(bytes: Buffer, at: number, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
  return flipped;
}

function isSoundBySqlite(path: string): boolean {
  try {
    const connection = new BetterSqlite3(path, { readonly: true });
    try {
      return connection.pragma('integrity_check(1)', { simple: true }) === 'ok' && connection.pragma('foreign_key_check(runs)') !== null;
    } finally {
      connection.close();
    }
  } catch {
    return false;
  }
}

/** The program must not start over this database, say what to do, and leave it as it is. */
async function holdRefused(harness: FaultHarness, what: string, words: RegExp): Promise<void> {
  const path = databasePathOf(harness.dataDir);
  const before = readFileSync(path);
  const { status, stderr } = await harness.command('testbed', 'list');
  hold(status === DAMAGED_STATUS, `${what}: a command ended with ${status} instead of ${DAMAGED_STATUS}: ${stderr}`);
  hold(words.test(stderr), `${what}: the words name no remedy: ${stderr}`);
  hold(!/internal/.test(stderr), `${what}: the program calls it a fault of its own: ${stderr}`);
  hold(readFileSync(path).equals(before), `${what}: the database was changed`);
}

const damagedDatabase: Fault = {
  name: 'damaged-database',
  isShort: true,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 60, finishedTasks: TASKS });
    const runId = newestRun(harness.dataDir)?.id ?? '';
    const path = databasePathOf(harness.dataDir);
    hold((await harness.command('data', 'backup')).status === 0, 'No backup could be made');
    const sound = readFileSync(path);
    let found = 0;
    for (let flip = 0; flip < (harness.isLong ? 60 : 40) && found < (harness.isLong ? 20 : 2); flip++) {
      const at = harness.random.nextInt(100, sound.length - 1);
      writeFileSync(path, flipBit(sound, at, harness.random.nextInt(0, 7)));
      if (isSoundBySqlite(path)) continue;
      found++;
      await holdRefused(harness, `A bit flipped at byte ${at}`, /restore/);
    }
    hold(found > 0, 'No bit was flipped that SQLite can find');
    const cut = harness.random.nextInt(1, sound.length - 1);
    const cases: [string, () => void, RegExp][] = [
      ['Cut to 0 bytes', () => truncateSync(path, 0), /restore/],
      [`Cut to ${cut} bytes`, () => truncateSync(path, cut), /restore/],
      ['A newer schema', () => setSchema(path, 999), /newer version|update/i],
      ['A schema of -1', () => setSchema(path, -1), /restore/],
    ];
    for (const [what, damage, words] of cases) {
      writeFileSync(path, sound);
      damage();
      await holdRefused(harness, what, words);
    }
    truncateSync(path, 0);
    const restored = await harness.command('data', 'restore', 'latest');
    hold(restored.status === 0, `The backup could not be put back: ${restored.stderr}`);
    await harness.holdAll(runId, TASKS);
  },
};

function setSchema(path: string, version: number): void {
  const connection = new BetterSqlite3(path);
  connection.pragma('journal_mode = DELETE');
  connection.pragma(`user_version = ${version}`);
  connection.close();
}

interface CheckReport {
  verdict: string;
  images: { missing: number; damaged: number };
}

async function checkData(harness: FaultHarness): Promise<{ status: number | null; report: CheckReport }> {
  const { status, document } = await harness.json('data', 'check');
  return { status, report: document as CheckReport };
}

const damagedImages: Fault = {
  name: 'damaged-images',
  isShort: false,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 60, finishedTasks: TASKS });
    const runId = newestRun(harness.dataDir)?.id ?? '';
    const files = listImageFiles(harness.dataDir).sort(() => harness.random.nextFloat() - 0.5);
    const paths = files.map((file) => file.path);
    for (const path of paths.slice(0, 2)) rmSync(path);
    for (const path of paths.slice(2, 4)) {
      const bytes = readFileSync(path);
      writeFileSync(path, flipBit(bytes, harness.random.nextInt(0, bytes.length - 1), harness.random.nextInt(0, 7)));
    }
    for (const path of paths.slice(4, 6)) truncateSync(path, 0);
    const found = await checkData(harness);
    hold(found.status === IMAGES_DAMAGED_STATUS, `data check ended with ${found.status}`);
    const { missing, damaged } = found.report.images;
    hold(missing === 2 && damaged === 4, `data check finds ${missing} missing and ${damaged} damaged images instead of 2 and 4`);
    const remade = await harness.command('data', 'remake');
    hold(remade.status === 0, `data remake ended with ${remade.status}: ${remade.stderr}`);
    hold((await checkData(harness)).report.verdict === 'sound', 'data check is not content after data remake');
    await harness.holdAll(runId, TASKS);
  },
};

export const damageFaults: readonly Fault[] = [damagedDatabase, damagedImages];
