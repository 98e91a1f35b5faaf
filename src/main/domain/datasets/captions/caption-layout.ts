// How a file is to be read: what the detection decides and the readers follow.
import type { DatasetFormat, Delimiter } from '../../../../shared/dataset.js';
import type { InputPicture } from '../../../../shared/service.js';

export interface Caption {
  text: string;
  imageName: string | null;
  /** In a folder of pairs, once its picture was found. */
  picture?: InputPicture;
}

/** One caption of a file with the number of its line or record, from 1; null where the line does not fit. */
export interface CaptionEntry {
  at: number;
  caption: Caption | null;
}

export type Separator = ',' | ';' | '\t' | '|';

export const SEPARATORS: Record<Exclude<Delimiter, 'none'>, Separator> = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };

/** A column that can be chosen: its name, or its number from 1 where it has none, and values of it. */
export interface LayoutColumn {
  name: string;
  examples: string[];
}

/** Every line is a prompt. `sharedSeparator` is in all of the first lines: they may be rows. */
export interface LinesLayout {
  kind: 'lines';
  format: 'plain-text';
  sharedSeparator: Separator | null;
}

/** `1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress ...` */
export interface TokenLayout {
  kind: 'token';
  format: 'flickr8k-token';
}

export interface RowsLayout {
  kind: 'rows';
  format: DatasetFormat;
  separator: Separator;
  hasHeader: boolean;
  columns: LayoutColumn[];
  /** Indices of columns. */
  captionColumns: number[];
  imageColumn: number | null;
}

/** A JSON object per line. */
export interface JsonLinesLayout {
  kind: 'json-lines';
  format: 'json-lines';
  columns: LayoutColumn[];
  captionFields: string[];
  imageField: string | null;
}

/** One JSON document. */
export interface JsonLayout {
  kind: 'json';
  format: 'coco-json' | 'karpathy-json' | 'json-records';
  /** The key of the list of records in the document's object; null where the document is the list. */
  listKey: string | null;
  columns: LayoutColumn[];
  /** The empty name stands for a record that is a text itself. */
  captionFields: string[];
  imageField: string | null;
}

export type CaptionLayout = LinesLayout | TokenLayout | RowsLayout | JsonLinesLayout | JsonLayout;

export function delimiterOf(layout: CaptionLayout): Delimiter | null {
  switch (layout.kind) {
    case 'lines':
      return 'none';
    case 'token':
      return 'tab';
    case 'rows':
      return (Object.keys(SEPARATORS) as (keyof typeof SEPARATORS)[]).find((name) => SEPARATORS[name] === layout.separator) ?? null;
    default:
      return null;
  }
}
