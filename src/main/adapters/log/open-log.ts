// Opens the log of a program: pino's lines, redacted before they are lines, in a bounded file under <data>/logs.
import { join } from 'node:path';
import { pino } from 'pino';
import { describeThrown } from './describe-thrown.js';
import type { Log, LogFields } from './log.js';
import type { Redactor } from './redactor.js';
import { RotatingFile } from './rotating-file.js';

export interface OpenLogOptions {
  dataDir: string;
  redactor: Redactor;
  /** `reader` writes nothing but warnings and errors, and never rotates: another program may have the file. */
  role: 'owner' | 'reader';
  /** Is on every line. */
  shell: string;
}

export interface OpenLog extends Log {
  readonly path: string;
  /** Writes what waits, and stops to watch the process. */
  close(): void;
}

/** Four files of 4 MiB beside the current one: some days of runs, and small enough to be sent whole. */
const MAX_BYTES = 4 * 1024 * 1024;
const KEPT_FILES = 4;
const MAX_MESSAGE_LENGTH = 4000;

export function logPathOf(dataDir: string): string {
  return join(dataDir, 'logs', 'dedgeai.log');
}

/** Writes nothing by itself; faults that no one catches are logged while it is open. */
export function openLog({ dataDir, redactor, role, shell }: OpenLogOptions): OpenLog {
  const path = logPathOf(dataDir);
  const file = new RotatingFile({
    path,
    maxBytes: MAX_BYTES,
    keep: KEPT_FILES,
    rotates: role === 'owner',
    describeLoss: (lostLines) =>
      `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg: 'Lines were lost: the disk was full', lostLines })}\n`,
  });
  const lines = pino(
    {
      level: role === 'owner' ? 'info' : 'warn',
      base: { pid: process.pid, shell },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Described already, and redacted: pino's own would add what is no part of it.
      serializers: { err: (described: unknown) => described },
    },
    file,
  );
  const clean = (fields: LogFields): object => redactor.value(fields) as object;
  const shorten = (message: string): string => redactor.text(message).slice(0, MAX_MESSAGE_LENGTH);
  const log: Log = {
    info: (message, fields = {}) => lines.info(clean(fields), shorten(message)),
    warn: (message, fields = {}) => lines.warn(clean(fields), shorten(message)),
    error(message, thrown, fields = {}) {
      lines.error({ ...clean(fields), err: redactor.value(describeThrown(thrown)) }, shorten(message));
      file.flush();
    },
  };
  const onUncaught = (thrown: unknown): void => log.error('The program ends with an internal error', thrown);
  const onExit = (): void => file.flush();
  process.on('uncaughtExceptionMonitor', onUncaught).on('exit', onExit);
  return {
    ...log,
    path,
    close() {
      process.off('uncaughtExceptionMonitor', onUncaught).off('exit', onExit);
      file.close();
    },
  };
}
