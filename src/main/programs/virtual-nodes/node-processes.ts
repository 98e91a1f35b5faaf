// Finds and ends the processes of one virtual node, no matter who started them and however they detached themselves: each carries the node's
// mark in its environment. Without /proc (macOS) only the agent is known, by its pid file, whichever host started it.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Set in every process of a virtual node to the node's home folder. */
export const NODE_MARK_VARIABLE = 'DEDGEAI_VIRTUAL_NODE_HOME';
/** Set beside it to the process that holds the node. Provisioning reads it, so that an agent never outlives its virtual node. */
export const HOST_PID_VARIABLE = 'DEDGEAI_EXIT_WITH_PID';

/** Whose processes: this host's, or those that a former host left. A host that is still ending must not touch its successor's. */
export type ProcessOwner = 'this-host' | 'former-host' | 'any-host';

const POLL_MS = 20;
/** A killed process is gone within milliseconds; this bounds the wait for one stuck in the kernel. */
const KILL_LIMIT_MS = 3_000;

export function findNodeProcesses(homeDir: string, owner: ProcessOwner = 'any-host'): number[] {
  return existsSync('/proc/self/environ') ? findByMark(homeDir, owner) : findByPidFile(homeDir);
}

/** Asks the node's processes to end, and kills what is left after `graceMs` real milliseconds (0: kills at once). */
export async function endNodeProcesses(homeDir: string, owner: ProcessOwner, graceMs: number): Promise<void> {
  const startedMs = performance.now();
  let asked = new Set<number>();
  for (;;) {
    const left = findNodeProcesses(homeDir, owner);
    const elapsedMs = performance.now() - startedMs;
    if (left.length === 0 || elapsedMs > graceMs + KILL_LIMIT_MS) return;
    const mustKill = elapsedMs >= graceMs;
    for (const pid of left) if (mustKill || !asked.has(pid)) sendSignal(pid, mustKill ? 'SIGKILL' : 'SIGTERM');
    asked = new Set(left);
    await delay(POLL_MS);
  }
}

/** Whether a process of a folder's own runs under this number: another may have been given it. Without /proc the number alone counts. */
export function isProcessAlive(pid: number, folder: string): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync('/proc/self/cmdline')) return true;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) && !isZombie(String(pid));
  } catch {
    return false;
  }
}

function findByMark(homeDir: string, owner: ProcessOwner): number[] {
  const isMarked = (environment: string): boolean => {
    const variables = environment.split('\0');
    const isOfThisHost = variables.includes(`${HOST_PID_VARIABLE}=${process.pid}`);
    return variables.includes(`${NODE_MARK_VARIABLE}=${homeDir}`) && (owner === 'any-host' || isOfThisHost === (owner === 'this-host'));
  };
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (isMarked(readFileSync(`/proc/${entry}/environ`, 'utf8')) && !isZombie(entry)) found.push(Number(entry));
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return found;
}

function isZombie(pid: string): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

function findByPidFile(homeDir: string): number[] {
  try {
    const pid = Number(readFileSync(join(homeDir, '.dedgeai', 'agent.pid'), 'utf8').trim());
    if (!Number.isInteger(pid) || pid <= 1) return [];
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(homeDir) ? [pid] : [];
  } catch {
    return [];
  }
}

function sendSignal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
