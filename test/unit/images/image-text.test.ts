// The facts in a file, read back by readers that share no code with the writer.
import { spawnSync } from 'node:child_process';
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../src/image-header/image-header.js';
import { withJpegText, withPngText, type ImageText } from '../../../src/main/adapters/images/image-text.js';
import { makePng } from '../../support/make-picture.js';

const TEXTS: ImageText[] = [
  ['prompt', 'A café; 犬 catches\na frisbee \u202E🐶'],
  ['seed', '4294967295'],
  ['simulated', 'yes'],
];

/** As the PNG specification has it: chunks of length, type, data and CRC. */
function readChunks(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function readTexts(bytes: Buffer): Map<string, string> {
  const texts = readChunks(bytes).flatMap(({ type, data }): [string, string][] => {
    if (type !== 'iTXt') return [];
    const end = data.indexOf(0);
    // Two bytes on compression, then two texts that end with a 0 each.
    const language = data.indexOf(0, end + 3);
    const translated = data.indexOf(0, language + 1);
    return [[data.toString('latin1', 0, end), data.toString('utf8', translated + 1)]];
  });
  return new Map(texts);
}

/** A Python of the machine, whose reader of chunks is its own. */
const PYTHON_READER = `
import json, struct, sys, zlib
data = sys.stdin.buffer.read()
assert data[:8] == b"\\x89PNG\\r\\n\\x1a\\n"
at, texts = 8, {}
while at < len(data):
    (length,) = struct.unpack(">I", data[at:at + 4])
    kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + length]
    assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body) & 0xFFFFFFFF
    if kind == b"iTXt":
        keyword, rest = body.split(b"\\0", 1)
        assert rest[:2] == b"\\0\\0"
        language, translated, text = rest[2:].split(b"\\0", 2)
        texts[keyword.decode("latin-1")] = text.decode("utf-8")
    at += 12 + length
print(json.dumps(texts))
`;

describe('a PNG with its facts', () => {
  it('has them as text, and the same picture', () => {
    const stored = makePng(24, 16);
    const written = withPngText(stored, TEXTS);
    expect([...readTexts(written)]).toEqual(TEXTS.map(([keyword, text]) => [keyword, text]));
    expect(readImageHeader(written)).toEqual(readImageHeader(stored));
    const pixels = (bytes: Buffer): Buffer =>
      inflateSync(Buffer.concat(readChunks(bytes).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))));
    expect(pixels(written)).toEqual(pixels(stored));
  });

  it('can be read by Python', (context) => {
    const python = spawnSync('python3', ['-c', PYTHON_READER], { input: withPngText(makePng(8, 8), TEXTS), encoding: 'utf8' });
    if (python.error) return context.skip('There is no Python here.');
    expect(python.stderr).toBe('');
    expect(JSON.parse(python.stdout)).toEqual(Object.fromEntries(TEXTS));
  });

  it('drops what a node wrote under the same names, and keeps the rest', () => {
    const forged = withPngText(makePng(8, 8), [
      ['simulated', 'no'],
      ['Author', 'a node'],
    ]);
    const texts = readTexts(withPngText(forged, TEXTS));
    expect(texts.get('simulated')).toBe('yes');
    expect(texts.get('Author')).toBe('a node');
    expect(readChunks(withPngText(forged, TEXTS)).filter(({ type }) => type === 'iTXt')).toHaveLength(TEXTS.length + 1);
  });

  it('says the same twice where it is done twice', () => {
    const once = withPngText(makePng(8, 8), TEXTS);
    expect(withPngText(once, TEXTS)).toEqual(once);
  });
});

describe('a JPEG with its facts', () => {
  // Start, an empty scan header's worth of a frame of 16 x 24 px, end.
  const jpeg = Buffer.from('ffd8ffc0000b080010001801011100ffd9', 'hex');

  it('has them as a comment behind its start', () => {
    const written = withJpegText(jpeg, TEXTS);
    expect(written.readUInt32BE(0)).toBe(0xffd8fffe);
    const length = written.readUInt16BE(4);
    expect(written.toString('utf8', 6, 4 + length)).toBe('prompt: A café; 犬 catches a frisbee \u202E🐶\nseed: 4294967295\nsimulated: yes');
    expect(written.subarray(4 + length)).toEqual(jpeg.subarray(2));
    expect(readImageHeader(written)).toEqual(readImageHeader(jpeg));
  });

  it('cuts what a comment has no room for', () => {
    const written = withJpegText(jpeg, [['prompt', 'x'.repeat(100_000)]]);
    expect(readImageHeader(written)).toEqual(readImageHeader(jpeg));
  });
});
