// Starts a built program of ours as a child process. What it says on standard error goes into the log, line by line.
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../../adapters/log/log.js';

const MAX_LINE_LENGTH = 2000;
/** A child that does nothing but complain fills neither the log nor the memory. */
const MAX_LINES = 1000;

/** Without a log its standard error is this program's. */
export function forkProgram(entryPath: string, log: Log | null): ChildProcess {
  // No flags of this process are handed on: a debugger's port, for one, is taken.
  const child = fork(entryPath, [], { execArgv: [], env: environment(), stdio: ['ignore', 'ignore', log ? 'pipe' : 'inherit', 'ipc'] });
  if (log) logStandardError(child, log, basename(entryPath, '.js'));
  return child;
}

/** Where this program keeps its compiled code, the child does too: it is as often started. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}

/** `program` names it on the lines. */
export function logStandardError(child: ChildProcess, log: Log, program: string): void {
  if (!child.stderr) return;
  // A program that waits for nothing else does not wait for what an idle child might still say.
  if (child.stderr instanceof Socket) child.stderr.unref();
  const { pid } = child;
  let lines = 0;
  // A child that was killed may leave its last line unfinished: the interface gives that out too.
  createInterface({ input: child.stderr, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() === '' || ++lines > MAX_LINES) return;
    log.warn(line.slice(0, MAX_LINE_LENGTH), { program, childPid: pid ?? null });
    if (lines === MAX_LINES) log.warn('What the program says from here on is left out', { program, childPid: pid ?? null });
  });
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal !== 'SIGKILL') log.warn('A child program ended', { program, childPid: pid ?? null, code, signal });
  });
}
