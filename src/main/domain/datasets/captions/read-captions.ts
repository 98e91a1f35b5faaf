// The captions of a text by its layout, in batches: one for each piece of the text.
import { assertNever } from '../../../../shared/errors.js';
import type { CaptionEntry, CaptionLayout, RowsLayout } from './caption-layout.js';
import { makeCaption } from './clean-caption.js';
import { TOKEN_LINE } from './detect-layout.js';
import { readJsonCaptions, readRecordCaptions } from './read-record-captions.js';
import { LineSplitter, MAX_LINE_LENGTH } from './read-lines.js';
import { fitRow, splitRow } from './split-row.js';

/** A blank line is an entry with an empty caption. Throws `dataset-invalid` where the text or its JSON is broken. */
export function readCaptions(texts: AsyncIterable<string>, layout: CaptionLayout, sourceName: string): AsyncGenerator<CaptionEntry[]> {
  return layout.kind === 'json' ? readJsonCaptions(texts, layout, sourceName) : readLineCaptions(texts, layout);
}

async function* readLineCaptions(
  texts: AsyncIterable<string>,
  layout: Exclude<CaptionLayout, { kind: 'json' }>,
): AsyncGenerator<CaptionEntry[]> {
  const splitter = new LineSplitter();
  let isHeaderExpected = layout.kind === 'rows' && layout.hasHeader;
  let at = 0;
  const take = (lines: Iterable<string>): CaptionEntry[] => {
    const entries: CaptionEntry[] = [];
    for (const line of lines) {
      at++;
      const isBlank = line.trim() === '';
      if (isHeaderExpected && !isBlank) isHeaderExpected = false;
      else if (isBlank) entries.push({ at, caption: { text: '', imageName: null } });
      else readLine(line, at, layout, entries);
    }
    return entries;
  };
  for await (const text of texts) yield take(splitter.push(text));
  yield take(splitter.end());
}

function readLine(line: string, at: number, layout: Exclude<CaptionLayout, { kind: 'json' }>, entries: CaptionEntry[]): void {
  if (line.length > MAX_LINE_LENGTH) {
    entries.push({ at, caption: null });
    return;
  }
  switch (layout.kind) {
    case 'lines':
      entries.push({ at, caption: makeCaption(line, null) });
      return;
    case 'token': {
      const match = TOKEN_LINE.exec(line);
      entries.push({ at, caption: match ? makeCaption(match[2] ?? '', match[1] ?? null) : null });
      return;
    }
    case 'rows':
      readRow(line, at, layout, entries);
      return;
    case 'json-lines':
      readRecordCaptions(line, at, layout, entries);
      return;
    default:
      assertNever(layout);
  }
}

/** One entry for each of the caption columns. */
function readRow(line: string, at: number, layout: RowsLayout, entries: CaptionEntry[]): void {
  const width = layout.columns.length;
  const fields = splitRow(line, layout.separator);
  // More fields than columns can only be a caption whose separators no one quoted, and only where it is the last column.
  const fits = fields !== null && (fields.length <= width || layout.captionColumns.includes(width - 1));
  const row = fits ? fitRow(fields, width, layout.separator) : [];
  const imageName = layout.imageColumn === null ? null : (row[layout.imageColumn] ?? null);
  for (const column of layout.captionColumns) {
    const text = row[column];
    entries.push({ at, caption: text === undefined ? null : makeCaption(text, imageName) });
  }
}
