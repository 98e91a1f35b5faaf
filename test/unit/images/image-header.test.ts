import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readImageHeader } from '../../../src/image-header/image-header.js';

let png: Buffer;
let jpeg: Buffer;
beforeAll(async () => {
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#336699' } });
  png = await picture.clone().png().toBuffer();
  jpeg = await picture.clone().jpeg({ progressive: true }).toBuffer();
});

describe('readImageHeader', () => {
  it('reads the size of a PNG', () => {
    expect(readImageHeader(png)).toEqual({ mediaType: 'image/png', widthPx: 64, heightPx: 48 });
  });

  it('reads the size of a progressive JPEG', () => {
    expect(readImageHeader(jpeg)).toEqual({ mediaType: 'image/jpeg', widthPx: 64, heightPx: 48 });
  });

  it('refuses images that are cut off at any place', () => {
    for (const whole of [png, jpeg]) {
      for (let length = 0; length < whole.length; length++) expect(readImageHeader(whole.subarray(0, length))).toBeNull();
    }
  });

  it('refuses a PNG whose size was changed', () => {
    const changed = Buffer.from(png);
    changed.writeUInt32BE(100_000, 16);
    expect(readImageHeader(changed)).toBeNull();
  });

  it('refuses text', () => {
    expect(readImageHeader(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.repeat(5)))).toBeNull();
  });
});
