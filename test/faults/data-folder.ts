// What is in a data folder, read from outside while a program may be at work on it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { listProcesses, type ProcessInfo } from '../support/processes.js';

export interface InstalledNode {
  id: string;
  name: string;
  /** `<home>/.dedgeai` */
  installDir: string;
  /** Where its agent listens. */
  port: number;
}

export const databasePathOf = (dataDir: string): string => join(dataDir, 'dedgeai.sqlite');

/** Reads with a connection of its own, and closes it. */
export function readData<T>(dataDir: string, read: (database: BetterSqlite3.Database) => T): T {
  const database = new BetterSqlite3(databasePathOf(dataDir), { readonly: true, timeout: 10_000 });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

export function queryAll<T>(dataDir: string, sql: string, ...parameters: (string | number)[]): T[] {
  return readData(dataDir, (database) => database.prepare(sql).all(...parameters) as T[]);
}

export function queryNumber(dataDir: string, sql: string, ...parameters: (string | number)[]): number {
  return readData(
    dataDir,
    (database) =>
      database
        .prepare(sql)
        .pluck()
        .get(...parameters) as number,
  );
}

/** The newest run; null before there is one. */
export function newestRun(dataDir: string): { id: string; state: string } | null {
  return queryAll<{ id: string; state: string }>(dataDir, 'SELECT id, state FROM runs ORDER BY created_at_ms DESC LIMIT 1')[0] ?? null;
}

export function countTasks(dataDir: string, runId: string, state: string): number {
  return queryNumber(dataDir, 'SELECT count(*) FROM tasks WHERE run_id = ? AND state = ?', runId, state);
}

export function listNodes(dataDir: string): InstalledNode[] {
  return queryAll<{ id: string; name: string }>(dataDir, 'SELECT id, name FROM nodes ORDER BY ordinal').map(({ id, name }) => {
    const installDir = join(dataDir, 'virtual-nodes', id, 'home', '.dedgeai');
    const config = JSON.parse(readFileSync(join(installDir, 'config.json'), 'utf8')) as { listen: { port: number } };
    return { id, name, installDir, port: config.listen.port };
  });
}

/** The agent's process as the node itself has written it down. */
export function agentPidOf({ installDir }: InstalledNode): number {
  return Number(readFileSync(join(installDir, 'agent.pid'), 'utf8'));
}

/** Every process that has to do with the folder: by its arguments, or by its environment, which children inherit. */
export function processesOf(dataDir: string): ProcessInfo[] {
  return listProcesses().filter(({ pid, command }) => {
    if (pid === process.pid) return false;
    if (command.includes(dataDir)) return true;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dataDir);
    } catch {
      return false;
    }
  });
}

/** Files of images by their names without ending, and what has no business among them. */
export function listImageFiles(dataDir: string): { path: string; sha256: string }[] {
  return foldersOf(join(dataDir, 'images'))
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) =>
      readdirSync(join(dataDir, 'images', name)).map((file) => ({
        path: join(dataDir, 'images', name, file),
        sha256: file.replace(/\.\w+$/, ''),
      })),
    );
}

export function foldersOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
