// Writes PNG files with a palette, 8 bits a pixel: a few flat colors make small files (PNG specification, third edition, sections 5 and 11).
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const compress = promisify(deflate);
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOR_TYPE_INDEXED = 3;

export type Rgb = readonly [red: number, green: number, blue: number];

export interface IndexedImage {
  widthPx: number;
  heightPx: number;
  /** At most 256 colors. */
  palette: readonly Rgb[];
  /** One palette index a pixel, rows from the top. */
  pixels: Uint8Array;
}

/** Encodes the image; `comment` goes into a tEXt chunk (Latin-1). The compression runs on the thread pool. */
export async function encodeIndexedPng(image: IndexedImage, comment: string): Promise<Buffer> {
  const { widthPx, heightPx, palette, pixels } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header[8] = 8;
  header[9] = COLOR_TYPE_INDEXED;
  // Each row starts with its filter type, 0 (none): flat colors compress best unfiltered.
  const rows = Buffer.alloc((widthPx + 1) * heightPx);
  for (let y = 0; y < heightPx; y++) rows.set(pixels.subarray(y * widthPx, (y + 1) * widthPx), y * (widthPx + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1')),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', await compress(rows, { level: 5 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
