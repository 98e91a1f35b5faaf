// The output of the facts command as sections. A header is `[name]` at the begin of a line; every line of an answer begins with a space, so
// that no tool can open a section by what it prints.
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { SectionLines } from './fact-section.js';

const LONGEST_LINE = 2_000;
const MOST_LINES = 5_000;

/** Lines without control characters, empty ones left out. The first section of a name counts; lines before the first header do not. */
export function splitSections(output: string): SectionLines {
  const sections = new Map<string, string[]>();
  let open: string[] | null = null;
  for (const line of output.split(/\r?\n/, MOST_LINES)) {
    const header = /^\[([a-z_0-9]{1,32})\]$/.exec(line)?.[1];
    if (header !== undefined) {
      open = [];
      if (!sections.has(header)) sections.set(header, open);
    } else if (line.startsWith(' ') && open) {
      const clean = printable(line.slice(0, LONGEST_LINE), LONGEST_LINE);
      if (clean) open.push(clean);
    }
  }
  return sections;
}
