// What the command line prints, and the one place where it is cleaned: results on standard output, everything else on standard error, one JSON document with --json.
import { ERROR_CODES } from '../../../shared/errors.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { cleanForTerminal, cleanLine, escapeForTerminal } from '../../../shared/foreign-text.js';
import { findErrorShape } from '../../api/trpc.js';

export interface Terminal {
  readonly isJson: boolean;
  /** The command's result: `value` with --json, else `text`. Called once by every command. */
  result(value: unknown, text: string): void;
  /** One of several results that come one by one: a line of JSON with --json, else `text`. */
  line(value: unknown, text: string): void;
  /** Progress and remarks, for people. */
  note(text: string): void;
  /** A line that replaces the one before it where the terminal can do that. */
  progress(text: string): void;
}

export function createTerminal(isJson: boolean): Terminal {
  const isLive = process.stderr.isTTY;
  let hasProgress = false;
  const endProgress = (): void => {
    if (hasProgress && isLive) process.stderr.write('\n');
    hasProgress = false;
  };
  return {
    isJson,
    result(value, text) {
      endProgress();
      writeResult(isJson ? jsonText(value) : text.trimEnd());
    },
    line(value, text) {
      writeResult(isJson ? escapeForTerminal(JSON.stringify(value)) : text);
    },
    note(text) {
      endProgress();
      writeRemark(text);
    },
    progress(text) {
      // The only escape sequence that is ours.
      if (isLive) process.stderr.write(`\r\x1b[2K${cleanLine(text)}`);
      else writeRemark(text);
      hasProgress = true;
    },
  };
}

/** Writes an error in the one shape; returns the exit status. */
export function printError(thrown: unknown, isJson: boolean): number {
  const shape: AppErrorShape = findErrorShape(thrown);
  if (isJson) writeResult(jsonText({ error: shape }));
  writeRemark(`Error (${shape.code}): ${shape.message}`);
  if (shape.hint) writeRemark(`  ${shape.hint}`);
  return ERROR_CODES[shape.code];
}

/** Reports wrong use on standard output with --json, where people have read it already; returns the exit status. */
export function printUsageError(message: string, isJson: boolean): number {
  const what = message === '(outputHelp)' ? 'The command is not complete' : message.replace(/^error: /, '');
  const shape: AppErrorShape = { code: 'invalid-input', message: what, hint: '--help shows the usage.' };
  if (isJson) writeResult(jsonText({ error: shape }));
  return ERROR_CODES[shape.code];
}

/** A document on standard output: as it is for a file or another program, clean for a person. */
export function writeDocument(text: string): void {
  process.stdout.write(process.stdout.isTTY ? cleanForTerminal(text) : text);
}

/** All that the command line prints goes through these two, so that no name or message can drive the terminal. */
function writeResult(text: string): void {
  process.stdout.write(`${cleanForTerminal(text)}\n`);
}

function writeRemark(text: string): void {
  process.stderr.write(`${cleanForTerminal(text)}\n`);
}

function jsonText(value: unknown): string {
  return escapeForTerminal(JSON.stringify(value, null, 2));
}

/** Columns padded to their widest cell. Remote text is cleaned of control characters, which could drive the terminal. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cleaned = [head, ...rows].map((row) => row.map(cleanLine));
  const widths = head.map((_, column) => Math.max(...cleaned.map((row) => (row[column] ?? '').length)));
  return cleaned
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
