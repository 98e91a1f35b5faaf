/** What can be asked of a list by name. */
export interface QueryKey {
  name: string;
  /** What it looks at, in a few words. */
  meaning: string;
  /** What its values are; `choice` is text of a closed set. */
  type: 'text' | 'number' | 'flag' | 'instant' | 'choice';
  /** Of a `choice`: all values. */
  choices?: readonly string[];
  /** Other spellings of choices, and what they stand for. */
  aliases?: Readonly<Record<string, string>>;
  /** One that makes sense, for help and mistakes: `>=500`. */
  example: string;
}

export type QueryKeys = readonly QueryKey[];
