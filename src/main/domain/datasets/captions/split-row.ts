// The fields of one line. A caption that a file spreads over several lines is malformed here: the published formats have none, and so one
// open quote can't swallow the rest of the file.
import { parse } from 'csv-parse/sync';
import type { Separator } from './caption-layout.js';

/** Null where a quote stays open. In files with tabs or bars a quote that stays open is one of the text. Spaces around fields are kept. */
export function splitRow(line: string, separator: Separator): string[] | null {
  if (!line.includes('"')) return line.split(separator);
  return splitQuoted(line, separator) ?? splitLoosely(line, separator);
}

/** The fields trimmed; those beyond the width are one with the last: a caption whose separators no one quoted. */
export function fitRow(fields: readonly string[], width: number, separator: Separator): string[] {
  if (fields.length <= width) return fields.map((field) => field.trim());
  return [...fields.slice(0, width - 1), fields.slice(width - 1).join(separator)].map((field) => field.trim());
}

const FIELDS: Record<Separator, RegExp> = { ',': fieldOf(','), ';': fieldOf(';'), '\t': fieldOf('\\t'), '|': fieldOf('|') };

/** A field in quotes or one without any, and the separator after it. */
function fieldOf(separator: string): RegExp {
  return new RegExp(`[ ]*"((?:[^"]|"")*)"[ ]*(?:[${separator}]|$)|([^"${separator}]*)(?:[${separator}]|$)`, 'y');
}

/** Rows as they should be, many times as fast as csv-parse is for a single one. Null for any other. */
function splitQuoted(line: string, separator: Separator): string[] | null {
  const field = FIELDS[separator];
  const fields: string[] = [];
  field.lastIndex = 0;
  for (;;) {
    const match = field.exec(line);
    if (!match) return null;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (field.lastIndex < line.length) continue;
    if (match[0].endsWith(separator)) fields.push('');
    return fields;
  }
}

/** Quotes in the middle of fields are theirs. */
function splitLoosely(line: string, separator: Separator): string[] | null {
  try {
    return parse(line, { delimiter: separator, relax_column_count: true, relax_quotes: true })[0] ?? [];
  } catch {
    return separator === '\t' || separator === '|' ? line.split(separator) : null;
  }
}
