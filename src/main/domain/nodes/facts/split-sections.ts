// The output of the facts command as sections. A header is `[name]` at the start of a line, and `[=STATUS]` ends its section; every line of an
// answer starts with a space, so that no tool can open or end a section by what it prints.
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { SectionLines } from './fact-section.js';

const MAX_LINE_LENGTH = 2_000;
const MAX_LINES = 5_000;

export interface Sections {
  lines: SectionLines;
  /** Exit status of each section that did not end with 0. */
  failures: ReadonlyMap<string, number>;
}

/** Lines without control characters, empty ones left out. The first section of a name counts; lines before the first header do not. */
export function splitSections(output: string): Sections {
  const lines = new Map<string, string[]>();
  const failures = new Map<string, number>();
  const seen = new Set<string>();
  let open: { name: string; lines: string[] } | null = null;
  for (const line of output.split(/\r?\n/, MAX_LINES)) {
    const header = /^\[([a-z_0-9]{1,32})\]$/.exec(line)?.[1];
    const status = /^\[=(\d{1,3})\]$/.exec(line)?.[1];
    if (header !== undefined) {
      open = seen.has(header) ? null : { name: header, lines: [] };
      seen.add(header);
    } else if (status !== undefined && open) {
      if (status === '0') lines.set(open.name, open.lines);
      else failures.set(open.name, Number(status));
      open = null;
    } else if (line.startsWith(' ') && open) {
      const clean = printable(line.slice(0, MAX_LINE_LENGTH), MAX_LINE_LENGTH);
      if (clean) open.lines.push(clean);
    }
  }
  return { lines, failures };
}
