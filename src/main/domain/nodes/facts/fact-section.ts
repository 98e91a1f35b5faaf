/** A part of the output of the facts command: what the node is asked, and under which name the answer comes. The parser is beside it. */
export interface FactSection {
  /** Lower-case letters and underscores. */
  name: string;
  /** Commands of a POSIX shell. What they print counts if they end with status 0; what they say on standard error never does. */
  command: string;
  /** Lines kept of the answer; 40 when absent. */
  maxLines?: number;
  /** The program that answers, where a failure of it is worth a word: it is there, and can't answer. */
  tool?: string;
}

/** Lines of each section by its name; one that is missing, or did not end with status 0, has none. */
export type SectionLines = ReadonlyMap<string, readonly string[]>;
