import type { DatasetPreview } from '../../shared/dataset.js';

/** The lines of a text without their ends; the end of the last line makes no further one. A lone CR ends a line too (`mixed`). */
export function splitLines(text: string): { lines: string[]; lineEnding: DatasetPreview['lineEnding'] } {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  const crlfCount = text.match(/\r\n/g)?.length ?? 0;
  const hasLoneCr = /\r(?!\n)/.test(text);
  const hasLoneLf = /(^|[^\r])\n/.test(text);
  if (hasLoneCr || (crlfCount > 0 && hasLoneLf)) return { lines, lineEnding: 'mixed' };
  return { lines, lineEnding: crlfCount > 0 ? 'CRLF' : 'LF' };
}
