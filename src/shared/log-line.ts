// The program's log as the window and the terminal show it.

export interface LogLine {
  /** ISO 8601; empty where the line has none. */
  at: string;
  level: 'info' | 'warn' | 'error';
  message: string;
  /** Ids and other fields, in the order they were written. */
  fields: { name: string; value: string }[];
  /** Stack of an error with those of its causes; null where there is none. */
  stack: string | null;
}

export interface LogTail {
  /** Absolute path of the current file; former ones lie beside it. */
  path: string;
  /** Oldest first. */
  lines: LogLine[];
}

/** One line of text a log line, the stack indented under it. */
export function formatLogLine({ at, level, message, fields, stack }: LogLine): string {
  const about = fields.map(({ name, value }) => ` ${name}=${/^\S+$/.test(value) ? value : JSON.stringify(value)}`).join('');
  const under = stack === null ? '' : `\n${stack.replace(/^/gm, '    ')}`;
  return `${at} ${level.padEnd(5)} ${message}${about}${under}`;
}
