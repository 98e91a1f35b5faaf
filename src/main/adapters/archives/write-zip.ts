// Writes a ZIP file entry by entry, of any size: what an entry is made of is read when its turn comes.
import { createHash } from 'node:crypto';
import { createWriteStream, createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { PARTIAL_SUFFIX } from '../../../durable-file/write-durably.js';

export interface WrittenEntry {
  name: string;
  sizeBytes: number;
  sha256: string;
}

/**
 * What goes in: bytes that are made when they are needed, a file whose hash and size are known, or bytes that are read when they are needed.
 * What is made is compressed; pictures are stored as they are.
 */
export type NewEntry =
  | { name: string; make(written: readonly WrittenEntry[]): Buffer }
  | { name: string; path: string; sizeBytes: number; sha256: string }
  | { name: string; read(): Promise<Buffer> };

interface WriteZipOptions {
  /** Of all entries. */
  mtime: Date;
  signal: AbortSignal;
  /** Before each entry. */
  onEntry(position: number): void;
}

/** Whole under its name, or not at all. Rejects with what the disk says, or the signal's reason. Returns the entries, in their order. */
export async function writeZip(path: string, entries: readonly NewEntry[], options: WriteZipOptions): Promise<WrittenEntry[]> {
  const { mtime, signal, onEntry } = options;
  const zip = new ZipFile();
  const written: WrittenEntry[] = [];
  const partPath = `${path}${PARTIAL_SUFFIX}`;
  const failed = new Promise<never>((_resolve, reject) => zip.once('error', reject));
  // It may fail when no one waits any more.
  failed.catch(() => undefined);
  entries.forEach((entry, position) => {
    zip.addReadStreamLazy(entry.name, { mtime, mode: 0o100600, compress: 'make' in entry }, (give) => {
      const giveBytes = (bytes: Buffer): void => {
        written.push({ name: entry.name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        give(null, Readable.from([bytes]));
      };
      try {
        signal.throwIfAborted();
        onEntry(position);
        if ('path' in entry) {
          written.push({ name: entry.name, sizeBytes: entry.sizeBytes, sha256: entry.sha256 });
          give(null, createReadStream(entry.path));
          return;
        }
        if ('make' in entry) giveBytes(entry.make(written));
        else entry.read().then(giveBytes, (thrown: unknown) => give(thrown, Readable.from([])));
      } catch (thrown) {
        give(thrown, Readable.from([]));
      }
    });
  });
  zip.end();
  try {
    const output = Readable.from(zip.outputStream);
    await Promise.race([pipeline(output, createWriteStream(partPath, { mode: 0o600, flush: true }), { signal }), failed]);
    await rename(partPath, path);
  } catch (thrown) {
    await rm(partPath, { force: true }).catch(() => undefined);
    signal.throwIfAborted();
    throw thrown;
  }
  return written;
}
