// Writes facts into a copy of an image: PNG text chunks, or a comment of a JPEG. The picture itself is left as it is, and so is the stored file,
// whose name is its hash.
import { crc32 } from 'node:zlib';

/** A keyword of at most 79 Latin letters, and its text. */
export type ImageText = readonly [keyword: string, text: string];

const PNG_SIGNATURE_BYTES = 8;
/** Length (4) and type (4) before the data, CRC (4) behind it. */
const CHUNK_FRAME_BYTES = 12;
const TEXT_CHUNKS = ['tEXt', 'zTXt', 'iTXt'];
/** Marker (2), length (2), data; the length counts itself. */
const MAX_JPEG_COMMENT_BYTES = 0xffff - 2;

/**
 * A PNG with the texts behind its header, as iTXt (UTF-8). A text of the same keyword that was there is dropped: what a node wrote into its
 * picture does not stand beside what is on record. `bytes` must be a whole PNG.
 */
export function withPngText(bytes: Buffer, texts: readonly ImageText[]): Buffer {
  const keywords = new Set(texts.map(([keyword]) => keyword));
  const chunks = [...pngChunks(bytes)];
  const [header, ...rest] = chunks.filter(({ type, data }) => !TEXT_CHUNKS.includes(type) || !keywords.has(keywordOf(data)));
  if (!header) throw new Error('A PNG without a header was to be written to');
  return Buffer.concat([
    bytes.subarray(0, PNG_SIGNATURE_BYTES),
    header.whole,
    ...texts.map(([keyword, text]) => textChunk(keyword, text)),
    ...rest.map(({ whole }) => whole),
  ]);
}

/** A JPEG with the texts as one comment, a line each; cut where a comment has no room for them. `bytes` must be a whole JPEG. */
export function withJpegText(bytes: Buffer, texts: readonly ImageText[]): Buffer {
  const lines = texts.map(([keyword, text]) => `${keyword}: ${text.replace(/\s+/g, ' ')}`).join('\n');
  const comment = Buffer.from(lines, 'utf8').subarray(0, MAX_JPEG_COMMENT_BYTES);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xfffe, 0);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, comment, bytes.subarray(2)]);
}

function* pngChunks(bytes: Buffer): Generator<{ type: string; data: Buffer; whole: Buffer }> {
  let at = PNG_SIGNATURE_BYTES;
  while (at + CHUNK_FRAME_BYTES <= bytes.length) {
    const end = at + CHUNK_FRAME_BYTES + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    yield { type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    at = end;
  }
}

function keywordOf(data: Buffer): string {
  const end = data.indexOf(0);
  return data.toString('latin1', 0, end < 0 ? data.length : end);
}

/** Keyword, 0; not compressed (0, 0); no language, 0; no translated keyword, 0; the text. */
function textChunk(keyword: string, text: string): Buffer {
  const data = Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5), Buffer.from(text.replaceAll('\0', ' '), 'utf8')]);
  const typed = Buffer.concat([Buffer.from('iTXt', 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}
