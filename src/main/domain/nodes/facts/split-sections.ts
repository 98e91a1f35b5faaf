// The output of the facts command as sections. A header is `[name]` at the start of a line; every line of an answer starts with a space, so
// that no tool can open a section by what it prints.
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { SectionLines } from './fact-section.js';

const MAX_LINE_LENGTH = 2_000;
const MAX_LINES = 5_000;

/** Lines without control characters, empty ones left out. The first section of a name counts; lines before the first header do not. */
export function splitSections(output: string): SectionLines {
  const sections = new Map<string, string[]>();
  let open: string[] | null = null;
  for (const line of output.split(/\r?\n/, MAX_LINES)) {
    const header = /^\[([a-z_0-9]{1,32})\]$/.exec(line)?.[1];
    if (header !== undefined) {
      open = [];
      if (!sections.has(header)) sections.set(header, open);
    } else if (line.startsWith(' ') && open) {
      const clean = printable(line.slice(0, MAX_LINE_LENGTH), MAX_LINE_LENGTH);
      if (clean) open.push(clean);
    }
  }
  return sections;
}
