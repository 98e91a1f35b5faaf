// Prompt datasets: what was found in a file and what was kept of it.

export type DatasetFormat = 'flickr8k-token' | 'captions-csv' | 'plain-text';

/** Which questionable lines an import keeps. */
export interface ImportOptions {
  /** Keep captions of a single letter (Flickr8k has a few). */
  keepOneLetter: boolean;
  /** Keep captions that occurred before in the same file. */
  keepRepeated: boolean;
}

export const DEFAULT_IMPORT_OPTIONS: ImportOptions = { keepOneLetter: false, keepRepeated: true };

/** What an import counted. `kept + blank + oneLetter dropped + repeated dropped + malformed = lines` (the CSV header not counted). */
export interface ImportCounts {
  lines: number;
  kept: number;
  blank: number;
  /** Captions of one letter found (kept or dropped by choice). */
  oneLetter: number;
  /** Captions that stood earlier in the file (kept or dropped by choice). */
  repeated: number;
  /** Lines that do not fit the format. */
  malformed: number;
  /** Line numbers (from 1) of the first malformed lines, at most 10. */
  malformedAt: number[];
}

export interface DatasetPreview {
  format: DatasetFormat;
  lineEnding: 'LF' | 'CRLF' | 'mixed';
  hasByteOrderMark: boolean;
  counts: ImportCounts;
  /** The first captions as they would be imported, at most 20. */
  sample: string[];
}

export interface Dataset {
  id: string;
  name: string;
  format: DatasetFormat;
  sourceName: string;
  sha256: string;
  counts: ImportCounts;
  options: ImportOptions;
  promptCount: number;
  createdAtMs: number;
}

export interface Prompt {
  id: number;
  ordinal: number;
  text: string;
  /** The image the caption describes in the source data set, where the file names one. */
  imageName: string | null;
}
