// The lines of a text file from its bytes, one at a time: a million captions are never a million strings at once.
import type { DatasetPreview } from '../../../shared/dataset.js';

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
}

/** The lines without their ends, and without the file's byte order mark; the end of the last line makes no further one. A lone CR ends a line too. */
export function* readLines(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let from = hasByteOrderMark(bytes) ? BYTE_ORDER_MARK.length : 0;
  let nextLf = -2;
  let nextCr = -2;
  while (from < buffer.length) {
    if (nextLf !== -1 && nextLf < from) nextLf = buffer.indexOf(LF, from);
    if (nextCr !== -1 && nextCr < from) nextCr = buffer.indexOf(CR, from);
    const to = nextCr !== -1 && (nextLf === -1 || nextCr < nextLf) ? nextCr : nextLf;
    if (to === -1) {
      yield buffer.toString('utf8', from);
      return;
    }
    yield buffer.toString('utf8', from, to);
    from = to + (buffer[to] === CR && buffer[to + 1] === LF ? 2 : 1);
  }
}

/** CR LF counts twice: enough for a bound. */
export function countLineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LF || byte === CR) count++;
  return count;
}

export function findLineEnding(bytes: Uint8Array): DatasetPreview['lineEnding'] {
  let [crlfCount, crCount, lfCount] = [0, 0, 0];
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === LF) lfCount++;
    else if (byte === CR && bytes[index + 1] === LF) {
      crlfCount++;
      index++;
    } else if (byte === CR) crCount++;
  }
  if (crCount > 0 || (crlfCount > 0 && lfCount > 0)) return 'mixed';
  return crlfCount > 0 ? 'CRLF' : 'LF';
}
