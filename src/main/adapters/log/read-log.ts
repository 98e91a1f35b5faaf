// Reads the log back: its last lines over the current and the former files, and what is added to it. A line that can't be read (cut off by
// a full disk) is shown as it stands.
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine } from '../../../shared/log-line.js';
import { formerPath } from './rotating-file.js';

const BLOCK_BYTES = 64 * 1024;
const POLL_MS = 300;
const MAX_ROTATED_FILES = 20;
/** Fields that are shown as parts of a line, not beside it. */
const SHOWN_ELSEWHERE = new Set(['level', 'time', 'msg', 'err']);

export interface LogFilter {
  /** Only lines that name this run. */
  runId?: string | null;
}

/** The current file and the former ones, newest first, as far as they are there. */
export function listLogFiles(path: string): string[] {
  const former = Array.from({ length: MAX_ROTATED_FILES }, (_, index) => formerPath(path, index + 1));
  return [path, ...former].filter((candidate) => existsSync(candidate));
}

/** The last `count` lines that pass, oldest first. */
export function readLastLines(path: string, count: number, filter: LogFilter = {}): LogLine[] {
  const newestFirst: LogLine[] = [];
  for (const file of listLogFiles(path)) {
    for (const text of linesFromEnd(file)) {
      if (newestFirst.length >= count) return newestFirst.reverse();
      const line = parseLine(text);
      if (passes(line, filter)) newestFirst.push(line);
    }
  }
  return newestFirst.reverse();
}

/** Every line that is added after this call, over rotations; ends when the signal aborts. */
export function followLog(path: string, filter: LogFilter, signal: AbortSignal): AsyncIterable<LogLine> {
  const file = openIfThere(path);
  return follow({ path, file, offset: file === null ? 0 : fstatSync(file).size }, filter, signal);
}

async function* follow(
  from: { path: string; file: number | null; offset: number },
  filter: LogFilter,
  signal: AbortSignal,
): AsyncIterable<LogLine> {
  const { path } = from;
  let { file, offset } = from;
  try {
    while (!signal.aborted) {
      // Looked for first, so that the last lines of a file that was rotated away are still read.
      const isRotated = file === null || statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(file).ino;
      if (file !== null) {
        const { text, readTo } = readFrom(file, offset);
        offset = readTo;
        for (const line of text.split('\n').filter(Boolean).map(parseLine)) if (passes(line, filter)) yield line;
      }
      if (isRotated) {
        const next = openIfThere(path);
        if (next !== null) {
          if (file !== null) closeSync(file);
          [file, offset] = [next, 0];
          continue;
        }
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (file !== null) closeSync(file);
  }
}

export function parseLine(text: string): LogLine {
  const raw = parseObject(text);
  if (raw === null) return { at: '', level: 'warn', message: text.slice(0, 500), fields: [], stack: null };
  const { level, time, msg, err } = raw;
  return {
    at: typeof time === 'string' ? time : '',
    level: level === 'error' || level === 'warn' ? level : 'info',
    message: typeof msg === 'string' ? msg : '',
    fields: Object.entries(raw).flatMap(([name, value]) =>
      SHOWN_ELSEWHERE.has(name) || !isPlain(value) ? [] : [{ name, value: String(value) }],
    ),
    stack: stackOf(err),
  };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function stackOf(err: unknown): string | null {
  if (typeof err !== 'object' || err === null) return null;
  const { type, message, stack, cause } = err as Record<string, unknown>;
  const own = typeof stack === 'string' ? stack : `${String(type)}: ${String(message)}`;
  const under = stackOf(cause);
  return under === null ? own : `${own}\ncaused by ${under}`;
}

function passes(line: LogLine, { runId = null }: LogFilter): boolean {
  return runId === null || line.fields.some(({ name, value }) => (name === 'runId' || name === 'subjectId') && value === runId);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Lines of a file from its end to its start, read block by block. */
function* linesFromEnd(path: string): Generator<string> {
  const file = openIfThere(path);
  if (file === null) return;
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let end = fstatSync(file).size; end > 0;) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const block = Buffer.alloc(end - start);
      readSync(file, block, 0, block.length, start);
      const lines = splitLines(Buffer.concat([block, rest]));
      // The first piece may be the end of a line that starts in the block before.
      rest = start > 0 ? (lines.shift() ?? Buffer.alloc(0)) : Buffer.alloc(0);
      for (const line of lines.reverse()) if (line.length > 0) yield line.toString('utf8');
      end = start;
    }
  } finally {
    closeSync(file);
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return [...lines, bytes.subarray(from)];
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function readFrom(file: number, offset: number): { text: string; readTo: number } {
  const { size } = fstatSync(file);
  const bytes = Buffer.alloc(Math.max(0, size - offset));
  const count = bytes.length === 0 ? 0 : readSync(file, bytes, 0, bytes.length, offset);
  // Whole lines only, so that no character is cut.
  const whole = bytes.subarray(0, count).lastIndexOf(10) + 1;
  return { text: bytes.subarray(0, whole).toString('utf8'), readTo: offset + whole };
}
