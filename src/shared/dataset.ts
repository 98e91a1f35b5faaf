// Prompt datasets: how a file was read, what was found in it and what was kept.

import type { InputPicture } from './service.js';

export const DATASET_FORMATS = [
  'flickr8k-token',
  'flickr30k-results',
  'captions-csv',
  'huggingface-metadata',
  'delimited-text',
  'json-lines',
  'coco-json',
  'karpathy-json',
  'json-records',
  'plain-text',
] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

/** `none`: every line is a prompt, whatever is in it. */
export const DELIMITERS = ['comma', 'semicolon', 'tab', 'pipe', 'none'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Which questionable captions an import keeps, and how the file is read where that is not left to the detection. */
export interface ImportOptions {
  /** Keep captions of a single letter (Flickr8k has a few). */
  keepOneLetter: boolean;
  /** Keep captions that occurred before in the same file. */
  keepRepeated: boolean;
  /** What separates the columns; found by the content where absent. */
  delimiter?: Delimiter | undefined;
  /** Names of the columns, or their numbers from 1, that hold captions; found by name and content where absent. */
  columns?: string[] | undefined;
}

export const DEFAULT_IMPORT_OPTIONS: ImportOptions = { keepOneLetter: false, keepRepeated: true };

/**
 * What an import counted. `kept + blank + oneLetter dropped + repeated dropped + malformed + withoutPicture = lines`. Where a line or a record has several
 * captions, each counts; a header does not.
 */
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
  /** Numbers (from 1) of the first malformed lines, or of the records in a JSON file; at most 10. */
  malformedAt: number[];
  /** Of a folder of pairs: captions without a sound picture, dropped. */
  withoutPicture?: number | undefined;
}

/** Why a file is no input picture: `outside` is what its name leads out of the folder to. */
export const PICTURE_PROBLEMS = ['missing', 'outside', 'not-a-picture', 'too-large'] as const;
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number];

/** What was found of the pictures that captions name; equal ones count once. */
export interface PictureFindings {
  found: number;
  bytes: number;
  /** Names that lead to no sound picture, by reason; only reasons that occur. */
  problems: Partial<Record<PictureProblem, number>>;
  /** The first of them, at most 10. */
  examples: { name: string; problem: PictureProblem }[];
}

/** Why a caption may be none. */
export const DOUBT_REASONS = ['file-name', 'shared-delimiter', 'markup', 'no-letters'] as const;
export type DoubtReason = (typeof DOUBT_REASONS)[number];

export interface PreviewCaption {
  text: string;
  imageName: string | null;
  doubt: DoubtReason | null;
}

export interface PreviewColumn {
  /** As `ImportOptions.columns` takes it. */
  name: string;
  /** Its first value, shortened. */
  example: string;
  isCaption: boolean;
}

export interface DatasetPreview {
  format: DatasetFormat;
  /** Null where lines have no meaning for the format. */
  delimiter: Delimiter | null;
  /** Those that can be chosen from; none where the format leaves no choice. */
  columns: PreviewColumn[];
  lineEnding: 'LF' | 'CRLF' | 'mixed';
  hasByteOrderMark: boolean;
  counts: ImportCounts;
  /** The first captions as they would be imported, at most 20. */
  sample: PreviewCaption[];
  /** Captions among the kept ones that look like something else, by reason; only reasons that occur. */
  doubts: Partial<Record<DoubtReason, number>>;
  /** Of a folder of pairs; null for captions alone. */
  pictures: PictureFindings | null;
  /** Of the file's bytes: an import that is given it refuses a file that has changed since. */
  sha256: string;
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
  /** Input pictures that its prompts come with; 0 for captions alone. */
  pictureCount: number;
  createdAtMs: number;
}

export interface Prompt {
  id: number;
  ordinal: number;
  text: string;
  /** The image the caption describes in the source data set, where the file names one. */
  imageName: string | null;
  /** What image-to-image starts from, in a dataset of pairs. */
  picture: InputPicture | null;
}
