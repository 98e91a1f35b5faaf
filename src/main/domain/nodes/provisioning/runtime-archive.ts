// Takes one file out of a package as npm packs it: a gzipped tar of plain files below `package/`.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const BLOCK_BYTES = 512;
const NAME_FIELD = { start: 0, end: 100 };
const SIZE_FIELD = { start: 124, end: 136 };
/** A packed Node.js unpacks to about 130 MB. */
const MAX_BYTES = 512 * 1024 * 1024;

const unzip = promisify(gunzip);

/** Bytes of the file `path` of the archive; null when it has none of that name. Throws when it is no such archive. */
export async function readPackedFile(archive: Uint8Array, path: string): Promise<Uint8Array | null> {
  const tar = await unzip(archive, { maxOutputLength: MAX_BYTES });
  for (let offset = 0; offset + BLOCK_BYTES <= tar.length;) {
    const header = tar.subarray(offset, offset + BLOCK_BYTES);
    const name = fieldOf(header, NAME_FIELD);
    if (name === '') return null;
    const sizeBytes = Number.parseInt(fieldOf(header, SIZE_FIELD), 8);
    const start = offset + BLOCK_BYTES;
    if (!Number.isSafeInteger(sizeBytes) || start + sizeBytes > tar.length)
      throw new Error(`the archive is damaged at ${name.slice(0, 100)}`);
    if (name === path) return tar.subarray(start, start + sizeBytes);
    offset = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return null;
}

function fieldOf(header: Uint8Array, { start, end }: { start: number; end: number }): string {
  const text = Buffer.from(header.subarray(start, end)).toString('latin1');
  const nul = text.indexOf('\0');
  return (nul === -1 ? text : text.slice(0, nul)).trim();
}
