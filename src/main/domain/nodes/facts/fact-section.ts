/** A part of the output of the facts command: what the node is asked, and under which name the answer comes. The parser is beside it. */
export interface FactSection {
  /** Lower-case letters and underscores. */
  name: string;
  /** Commands of a POSIX shell; what they say on standard error and their exit status count for nothing. */
  command: string;
  /** Lines kept of the answer; 40 when absent. */
  maxLines?: number;
}

/** Lines of each section by its name; a section that is missing has none. */
export type SectionLines = ReadonlyMap<string, readonly string[]>;
