// Whether the bytes of a file are text, or a refusal that says what the file is instead.
import { isUtf8 } from 'node:buffer';
import { AppError } from '../../../shared/errors.js';

/** The largest file an import reads. Flickr8k's largest caption file has 3.4 MB. */
export const MAX_DATASET_BYTES = 64 * 1024 * 1024;

const SIGNATURES: readonly { kind: string; bytes: readonly number[] }[] = [
  { kind: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  { kind: 'a ZIP archive', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { kind: 'a gzip archive', bytes: [0x1f, 0x8b] },
  { kind: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
];
/** UTF-16 puts a NUL beside every Latin letter, so it must be told from binary data by its byte order mark. */
const UTF16_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
/** Share of control characters above which text is taken for binary data. */
const MAX_CONTROL_FRACTION = 0.01;

const TEXT_HINT = 'Choose Flickr8k.token.txt, the captions.txt of Kaggle, or a text file with one caption a line, in UTF-8.';

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

export function invalidDataset(sourceName: string, problem: string, hint: string = TEXT_HINT): AppError {
  return new AppError('dataset-invalid', `"${sourceName}" ${problem}`, hint);
}

/** Throws `dataset-invalid` for anything but text in UTF-8. */
export function requireText(bytes: Uint8Array, sourceName: string): void {
  if (bytes.byteLength > MAX_DATASET_BYTES) {
    throw invalidDataset(sourceName, 'is larger than 64 MiB', 'Split the file, or keep only the captions.');
  }
  if (bytes.byteLength === 0) throw invalidDataset(sourceName, 'is empty');
  const signature = SIGNATURES.find((candidate) => startsWith(bytes, candidate.bytes));
  if (signature) throw invalidDataset(sourceName, `is ${signature.kind}, not a text file`);
  if (UTF16_MARKS.some((mark) => startsWith(bytes, mark))) {
    throw invalidDataset(sourceName, 'is encoded in UTF-16', 'Save it as UTF-8 and import it again.');
  }
  if (bytes.includes(0)) throw invalidDataset(sourceName, 'holds binary data (NUL bytes), not text');
  if (!isUtf8(bytes)) {
    throw invalidDataset(sourceName, 'is not valid UTF-8 text', 'If it is text in another encoding (such as Latin-1), save it as UTF-8.');
  }
  let [characters, controls] = [0, 0];
  for (const byte of bytes) {
    if (isControl(byte)) controls++;
    // All but the later bytes of a character.
    if ((byte & 0xc0) !== 0x80) characters++;
  }
  if (controls > characters * MAX_CONTROL_FRACTION) throw invalidDataset(sourceName, 'holds binary data, not text');
}

/** Tab and line ends are none. */
function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}
