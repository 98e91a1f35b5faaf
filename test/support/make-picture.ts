// Small PNG files for tests of input pictures, made here without a library.
import { crc32, deflateSync } from 'node:zlib';

/** An RGB picture of a gradient; `shade` (0..255) makes others. Without pixels its header is sound and what follows is none, as in a hostile file. */
export function makePng(widthPx: number, heightPx: number, { withPixels = true, shade = 128 } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = withPixels ? heightPx : 0;
  const raw = Buffer.alloc(rows * (1 + widthPx * 3));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < widthPx; x++) {
      const at = y * (1 + widthPx * 3) + 1 + x * 3;
      raw.set([(x * 255) / widthPx, (y * 255) / heightPx, shade], at);
    }
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', withPixels ? deflateSync(raw) : Buffer.from('no pixels')),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
