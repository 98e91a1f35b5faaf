// Names, prompts and notes come from anywhere. Before any format is written, whatever could turn words around, end a line unseen or make a
// file unreadable is shown as a replacement character; what is markup to one format stays, since that format escapes it.
import { withoutOverrides } from '../../../../shared/foreign-text.js';
import type { ReportDocument } from '../../../../shared/report-document.js';

/** C0 and C1 but tab and line end, marks of direction, invisible joiners of lines, and what XML has no place for. */
const UNSEEN = /[^\P{Cc}\n\t]|[\u{061c}\u{200e}\u{200f}\u{2028}\u{2029}\u{fffe}\u{ffff}\u{feff}]/gu;

export function cleanText(text: string): string {
  return withoutOverrides(text.toWellFormed().replace(/\r\n?/g, '\n')).replace(UNSEEN, '\u{fffd}');
}

/** The same document with every text in it cleaned. */
export function cleanDocument(document: ReportDocument): ReportDocument {
  return cleanDeep(document);
}

/** The same value with every text in it cleaned. */
export function cleanDeep<Value>(value: Value): Value {
  return cleanAny(value) as Value;
}

function cleanAny(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanAny);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleanAny(part)]));
}
