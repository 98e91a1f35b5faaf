// The text of a file from its bytes, piece by piece, or a refusal that says what the file is instead.
import { TextDecoder } from 'node:util';
import { AppError } from '../../../../shared/errors.js';

/** The largest file an import reads. COCO's training captions have 92 MB, Karpathy's split of COCO 144 MB. */
export const MAX_DATASET_BYTES = 256 * 1024 * 1024;

const TABLE_HINT = 'Write its captions to a file with one column per line, for example with pandas: to_csv("captions.csv", index=False).';
const SIGNATURES: readonly { kind: string; bytes: readonly number[]; hint?: string }[] = [
  { kind: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  {
    kind: 'a ZIP archive (or an Excel sheet)',
    bytes: [0x50, 0x4b, 0x03, 0x04],
    hint: 'Unpack it, or save the sheet as CSV, and import that.',
  },
  { kind: 'a gzip archive', bytes: [0x1f, 0x8b], hint: 'Unpack it and import what is in it.' },
  { kind: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { kind: 'an RTF document', bytes: [0x7b, 0x5c, 0x72, 0x74, 0x66], hint: 'Save it as plain text and import that.' },
  { kind: 'a Parquet file', bytes: [0x50, 0x41, 0x52, 0x31], hint: TABLE_HINT },
  { kind: 'an Arrow file', bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], hint: TABLE_HINT },
];
/** UTF-16 puts a NUL beside every Latin letter, so it must be distinguished from binary data by its byte order mark. */
const UTF16_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Share of control characters above which text is taken for binary data. */
const MAX_CONTROL_FRACTION = 0.01;

const TEXT_HINT =
  'Choose Flickr8k.token.txt, captions.txt, results.csv, metadata.csv or .jsonl, captions_*.json, or a text file with one caption per line, in UTF-8.';

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

export function invalidDataset(sourceName: string, problem: string, hint: string = TEXT_HINT): AppError {
  return new AppError('dataset-invalid', `"${sourceName}" ${problem}`, hint);
}

/** Throws `dataset-invalid`. */
export function requireSize(sizeBytes: number, sourceName: string, maxBytes = MAX_DATASET_BYTES): void {
  if (sizeBytes <= maxBytes) return;
  throw invalidDataset(sourceName, `is larger than ${maxBytes / 1024 / 1024} MiB`, 'Split the file, or keep only the captions.');
}

/** What only the bytes say about a text, whole once the text is. */
export interface ByteFacts {
  hasByteOrderMark: boolean;
  sizeBytes: number;
  lfCount: number;
  crlfCount: number;
  /** Not followed by a line feed. */
  crCount: number;
}

export function noByteFacts(): ByteFacts {
  return { hasByteOrderMark: false, sizeBytes: 0, lfCount: 0, crlfCount: 0, crCount: 0 };
}

/**
 * The text without its byte order mark; what the bytes say is counted into `facts` as it goes. Throws `dataset-invalid` for anything but
 * text in UTF-8, for control characters only at the end.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  sourceName: string,
  facts: ByteFacts = noByteFacts(),
): AsyncGenerator<string> {
  // Drops the byte order mark by itself.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const census = new ByteCensus(facts);
  for await (const chunk of chunks) {
    if (facts.sizeBytes === 0) refuseOtherKinds(chunk, sourceName);
    facts.sizeBytes += chunk.byteLength;
    requireSize(facts.sizeBytes, sourceName);
    if (chunk.includes(0)) throw invalidDataset(sourceName, 'holds binary data (NUL bytes), not text');
    census.count(chunk);
    yield decode(decoder, chunk, sourceName);
  }
  if (facts.sizeBytes === 0) throw invalidDataset(sourceName, 'is empty');
  census.end();
  if (census.isBinary()) throw invalidDataset(sourceName, 'holds binary data, not text');
  yield decode(decoder, null, sourceName);
}

function refuseOtherKinds(start: Uint8Array, sourceName: string): void {
  const signature = SIGNATURES.find((candidate) => startsWith(start, candidate.bytes));
  if (signature) throw invalidDataset(sourceName, `is ${signature.kind}, not a text file`, signature.hint);
  if (UTF16_MARKS.some((mark) => startsWith(start, mark))) {
    throw invalidDataset(sourceName, 'is encoded in UTF-16', 'Save it as UTF-8 and import it again.');
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array | null, sourceName: string): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw invalidDataset(sourceName, 'is not valid UTF-8 text', 'If it is text in another encoding (such as Latin-1), save it as UTF-8.');
  }
}

/** Counts line ends, characters and control characters over all chunks. */
class ByteCensus {
  #characters = 0;
  #controls = 0;
  #isAfterCr = false;
  #isFirst = true;

  constructor(private readonly facts: ByteFacts) {}

  count(chunk: Uint8Array): void {
    if (this.#isFirst) this.facts.hasByteOrderMark = startsWith(chunk, BYTE_ORDER_MARK);
    this.#isFirst = false;
    let [characters, controls, isAfterCr] = [0, 0, this.#isAfterCr];
    for (const byte of chunk) {
      // All but the later bytes of a character.
      if ((byte & 0xc0) !== 0x80) characters++;
      if (byte >= 0x20 && byte !== 0x7f && !isAfterCr) continue;
      if (isAfterCr) {
        if (byte === LF) this.facts.crlfCount++;
        else this.facts.crCount++;
      } else if (byte === LF) this.facts.lfCount++;
      isAfterCr = byte === CR;
      if ((byte < 0x20 && byte !== TAB && byte !== LF && byte !== CR) || byte === 0x7f) controls++;
    }
    this.#characters += characters;
    this.#controls += controls;
    this.#isAfterCr = isAfterCr;
  }

  end(): void {
    if (this.#isAfterCr) this.facts.crCount++;
  }

  isBinary(): boolean {
    return this.#controls > this.#characters * MAX_CONTROL_FRACTION;
  }
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

/** How the lines of the file end. */
export function findLineEnding({ lfCount, crlfCount, crCount }: ByteFacts): 'LF' | 'CRLF' | 'mixed' {
  if (crCount > 0 || (crlfCount > 0 && lfCount > 0)) return 'mixed';
  return crlfCount > 0 ? 'CRLF' : 'LF';
}
