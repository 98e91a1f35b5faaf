// Processes of this machine as /proc tells them (Linux).
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessInfo {
  pid: number;
  parentPid: number;
  /** Started at this many clock ticks after boot: with the pid it names a process for good. */
  startedAtTicks: string;
  command: string;
}

/** What a program over `folder` has started: its children, and agents that nodes let continue their own (their command names the folder). */
export function listStartedBy(pid: number, folder: string): ProcessInfo[] {
  return listProcesses().filter((process) => process.pid !== pid && (process.parentPid === pid || process.command.includes(folder)));
}

/** Processes whose command names `text`. */
export function listProcessesWith(text: string): ProcessInfo[] {
  return listProcesses().filter((process) => process.command.includes(text));
}

/** Those of the processes that still run; a zombie no one has waited for does not. */
export function stillRunning(processes: readonly ProcessInfo[]): ProcessInfo[] {
  const now = new Map(listProcesses().map((process) => [process.pid, process]));
  return processes.filter((process) => now.get(process.pid)?.startedAtTicks === process.startedAtTicks);
}

export function listProcesses(): ProcessInfo[] {
  return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (readProcess(Number(entry)) ?? []) : []));
}

function readProcess(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in parentheses and may hold anything; the fields after it are numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parentPid: Number(fields[1]), startedAtTicks: fields[19] ?? '', command };
  } catch {
    return null;
  }
}
