// What has to be so after every fault.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.js';
import { foldersOf, listImageFiles, processesOf, queryAll, queryNumber, readData } from './data-folder.js';
import { hold } from './fault.js';

/** Real ms in which all that a program has started must be gone after its end. */
const PROCESSES_GONE_MS = 8_000;

export async function holdNoProcess(dataDir: string): Promise<void> {
  await until(() => processesOf(dataDir).length === 0, PROCESSES_GONE_MS).catch(() => undefined);
  const left = processesOf(dataDir);
  hold(
    left.length === 0,
    `${left.length} processes are left: ${left.map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`).join('; ')}`,
  );
}

export function holdDatabaseSound(dataDir: string): void {
  const { integrity, foreignKeys } = readData(dataDir, (database) => ({
    integrity: database.pragma('integrity_check', { simple: true }) as string,
    foreignKeys: (database.pragma('foreign_key_check') as unknown[]).length,
  }));
  hold(integrity === 'ok', `integrity_check says: ${integrity}`);
  hold(foreignKeys === 0, `${foreignKeys} rows name what is not there`);
}

interface TaskRow {
  ordinal: number;
  state: string;
  images: number;
  accepted: number;
  open: number;
  epoch: number;
  acceptedEpoch: number | null;
}

const TASK_ROWS = `
  SELECT ordinal, state, lease_epoch AS epoch,
    (SELECT count(*) FROM task_images WHERE task_id = tasks.id) AS images,
    (SELECT count(*) FROM attempts WHERE task_id = tasks.id AND state = 'succeeded') AS accepted,
    (SELECT max(lease_epoch) FROM attempts WHERE task_id = tasks.id AND state = 'succeeded') AS acceptedEpoch,
    (SELECT count(*) FROM attempts WHERE task_id = tasks.id AND (state = 'sent' OR ended_ms IS NULL)) AS open
  FROM tasks WHERE run_id = ? ORDER BY ordinal`;

/** N accepted, none missing, none twice, and every attempt ended. */
export function holdRunWhole(dataDir: string, runId: string, taskCount: number): void {
  const tasks = queryAll<TaskRow>(dataDir, TASK_ROWS, runId);
  hold(tasks.length === taskCount, `The run has ${tasks.length} tasks instead of ${taskCount}`);
  const wrong = tasks.find((task, index) => task.ordinal !== index);
  hold(wrong === undefined, `The tasks are not numbered through: ${wrong?.ordinal}`);
  const bad = tasks.filter(
    ({ state, images, accepted, open, epoch, acceptedEpoch }) =>
      state !== 'succeeded' || images !== 1 || accepted !== 1 || open !== 0 || acceptedEpoch !== epoch,
  );
  hold(bad.length === 0, `${bad.length} tasks are not accepted exactly once with all attempts ended, such as ${JSON.stringify(bad[0])}`);
  const state = queryAll<{ state: string }>(dataDir, 'SELECT state FROM runs WHERE id = ?', runId)[0]?.state;
  hold(state === 'succeeded', `The run ended as ${state}`);
}

/** Each image on record has its file with its bytes; each file is on record; nothing half-written is left. */
export function holdFilesMatchRows(dataDir: string): void {
  const rows = new Map(
    queryAll<{ sha256: string; size_bytes: number }>(dataDir, 'SELECT sha256, size_bytes FROM images').map((row) => [
      row.sha256,
      row.size_bytes,
    ]),
  );
  const files = listImageFiles(dataDir);
  for (const { path, sha256 } of files) {
    const bytes = readFileSync(path);
    const actual = createHash('sha256').update(bytes).digest('hex');
    hold(rows.has(sha256), `${path} is on no record`);
    hold(actual === sha256, `${path} has the hash ${actual}`);
    hold(bytes.length === rows.get(sha256), `${path} has ${bytes.length} bytes, on record are ${rows.get(sha256)}`);
  }
  const names = new Set(files.map(({ sha256 }) => sha256));
  const missing = [...rows.keys()].filter((sha256) => !names.has(sha256));
  hold(missing.length === 0, `${missing.length} of ${rows.size} images on record have no file, such as ${missing[0]}`);
  const incoming = foldersOf(join(dataDir, 'images', 'incoming'));
  hold(incoming.length === 0, `Half-written images are left: ${incoming.join(', ')}`);
}

export interface ShownRun {
  state: string;
  counts: Record<string, number>;
  metrics: { totalGenerationDelayMs: number | null; service: { meanMs: number; maxMs: number } | null };
  validity: { isValid: boolean; reasons: string[]; limitations: string[] };
}

/** What is shown of a run, computed once more from its raw rows by other means. */
export function holdFigures(dataDir: string, runId: string, { counts, metrics }: ShownRun): void {
  const raw = queryAll<{ n: number; mean: number; most: number; resent: number }>(
    dataDir,
    `SELECT count(*) AS n, avg(service_ms) AS mean, max(service_ms) AS most, sum(attempt_count > 1) AS resent
     FROM tasks WHERE run_id = ? AND state = 'succeeded'`,
    runId,
  )[0];
  if (!raw) return;
  const same = (name: string, shown: number | null | undefined, computed: number): void => {
    const isSame = typeof shown === 'number' && Math.abs(shown - computed) <= 1e-6 * Math.max(1, Math.abs(computed));
    hold(isSame, `${name} is shown as ${shown}; the rows give ${computed}`);
  };
  same('The number of succeeded tasks', counts['succeeded'], raw.n);
  same('The number of re-sent tasks', counts['resent'], raw.resent);
  same('The mean service delay', metrics.service?.meanMs, raw.mean);
  same('The longest service delay', metrics.service?.maxMs, raw.most);
  const total = queryNumber(
    dataDir,
    "SELECT max(accepted_ms) - min(arrival_ms) FROM tasks WHERE run_id = ? AND state = 'succeeded'",
    runId,
  );
  same('The total generation delay', metrics.totalGenerationDelayMs, total);
}
