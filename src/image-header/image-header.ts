// What a file says of itself in its first bytes: is it a whole PNG or JPEG, and how large is the picture. Decodes nothing.
import { crc32 } from 'node:zlib';

export interface ImageHeader {
  mediaType: 'image/png' | 'image/jpeg';
  widthPx: number;
  heightPx: number;
}

/** Larger pictures are refused: the program makes 512x512, and a header alone could ask for gigabytes. */
const MAX_SIDE_PX = 8192;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** An IEND chunk: no data, its type, its CRC. Every whole PNG ends with it. */
const PNG_END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
/** Signature (8), length (4), type (4), IHDR data (13), CRC (4). */
const PNG_HEAD_BYTES = 33;

function readPng(bytes: Buffer): ImageHeader | null {
  if (bytes.length < PNG_HEAD_BYTES + PNG_END.length || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return null;
  if (bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  if (crc32(bytes.subarray(12, 29)) !== bytes.readUInt32BE(29)) return null;
  if (!bytes.subarray(-PNG_END.length).equals(PNG_END)) return null;
  return { mediaType: 'image/png', widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20) };
}

/** Start-of-frame markers carry the size: C0 to CF without C4 (tables), C8 (reserved) and CC (tables). */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readJpeg(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) return null;
  let offset = 2;
  while (offset + 9 <= bytes.length) {
    if (bytes[offset] !== 0xff) return null;
    const marker = bytes[offset + 1] ?? 0;
    if (isStartOfFrame(marker)) {
      return { mediaType: 'image/jpeg', heightPx: bytes.readUInt16BE(offset + 5), widthPx: bytes.readUInt16BE(offset + 7) };
    }
    // The scan starts: no frame header came before it.
    if (marker === 0xda) return null;
    offset += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(offset + 2);
  }
  return null;
}

/** Null when the bytes are not a whole PNG or JPEG with sides of 1 to 8,192 px. */
export function readImageHeader(bytes: Buffer): ImageHeader | null {
  const header = readPng(bytes) ?? readJpeg(bytes);
  if (!header) return null;
  const isSound = [header.widthPx, header.heightPx].every((sidePx) => sidePx >= 1 && sidePx <= MAX_SIDE_PX);
  return isSound ? header : null;
}
