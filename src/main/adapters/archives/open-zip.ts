// Reads a ZIP file that anyone may have made: names, sizes and ratios are looked at before a byte of an entry is unpacked, and an entry that
// turns out larger than it says is broken off.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';

interface ZipEntry {
  name: string;
  /** Unpacked, as the file says; more is never given out. */
  sizeBytes: number;
}

interface ZipLimits {
  entries: number;
  /** Of all entries, unpacked. */
  totalBytes: number;
}

/** Deflate packs at most 1032 to 1; rows of tasks are packed 10 to 60 to 1. */
const MAX_RATIO = 250;
/** What is small may be packed as tightly as it likes. */
const SMALL_BYTES = 1024 * 1024;

export class OpenedZip {
  private constructor(
    private readonly zip: ZipFile,
    private readonly byName: ReadonlyMap<string, Entry>,
    private readonly label: string,
  ) {}

  /** Throws `invalid-input` for what is no ZIP file, or one that is made to do harm; `not-found` where there is no file. */
  static async open(path: string, label: string, limits: ZipLimits): Promise<OpenedZip> {
    let zip: ZipFile;
    try {
      zip = await openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
    } catch (thrown) {
      const code = (thrown as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') throw new AppError('not-found', `There is no file ${label}`, 'Choose another file.', { cause: thrown });
      throw refuse(label, code === undefined ? 'it is no ZIP file, or only a part of one' : `it can't be read (${code})`, thrown);
    }
    try {
      return new OpenedZip(zip, await readEntries(zip, label, limits), label);
    } catch (thrown) {
      zip.close();
      throw thrown instanceof AppError ? thrown : refuse(label, describe(thrown), thrown);
    }
  }

  get entries(): ZipEntry[] {
    return [...this.byName.values()].map(({ fileName, uncompressedSize }) => ({ name: fileName, sizeBytes: uncompressedSize }));
  }

  /** All of it in memory. Throws `invalid-input` where there is no such entry, it is larger than `maxBytes`, or damaged. */
  async read(name: string, maxBytes: number): Promise<{ bytes: Buffer; sha256: string }> {
    const entry = this.#find(name);
    if (entry.uncompressedSize > maxBytes) {
      throw refuse(this.label, `${name} has ${formatBytes(entry.uncompressedSize)}, and at most ${formatBytes(maxBytes)} are read`);
    }
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of await this.#stream(entry)) chunks.push(chunk as Buffer);
    } catch (thrown) {
      throw refuse(this.label, `${name}: ${describe(thrown)}`, thrown);
    }
    const bytes = Buffer.concat(chunks);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** Into a file that is not there yet; returns the hash of what was written. Throws as `read`, and what the disk says. */
  async extract(name: string, path: string, signal: AbortSignal): Promise<string> {
    const hash = createHash('sha256');
    const source = await this.#stream(this.#find(name));
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(source, meter, createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }), { signal });
    } catch (thrown) {
      signal.throwIfAborted();
      if (typeof (thrown as NodeJS.ErrnoException).code === 'string' && (thrown as NodeJS.ErrnoException).syscall) throw thrown;
      throw refuse(this.label, `${name}: ${describe(thrown)}`, thrown);
    }
    return hash.digest('hex');
  }

  close(): void {
    this.zip.close();
  }

  #find(name: string): Entry {
    const entry = this.byName.get(name);
    if (!entry) throw refuse(this.label, `${name} is missing`);
    return entry;
  }

  #stream(entry: Entry): Promise<Readable> {
    return this.zip.openReadStreamPromise(entry);
  }
}

async function readEntries(zip: ZipFile, label: string, limits: ZipLimits): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.entries) throw refuse(label, `it has ${zip.entryCount} entries, and at most ${limits.entries} are read`);
  const byName = new Map<string, Entry>();
  let totalBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName, uncompressedSize, compressedSize } = entry;
    if (byName.has(fileName)) throw refuse(label, `${fileName} is in it twice`);
    if (entry.isEncrypted()) throw refuse(label, `${fileName} is encrypted`);
    totalBytes += uncompressedSize;
    if (totalBytes > limits.totalBytes) throw refuse(label, `unpacked it has more than ${formatBytes(limits.totalBytes)}`);
    if (uncompressedSize > SMALL_BYTES && uncompressedSize > MAX_RATIO * compressedSize) {
      throw refuse(
        label,
        `${fileName} is packed ${Math.round(uncompressedSize / Math.max(1, compressedSize))} to 1, as no archive of this program is`,
      );
    }
    byName.set(fileName, entry);
  }
  return byName;
}

/** Of a file that is not as this program writes it. */
export function refuse(label: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    'invalid-input',
    `${label} can't be imported: ${reason}.`,
    'Nothing of it was taken. Export it again, or fetch the file once more.',
    {
      cause,
    },
  );
}

function describe(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  // Names in it come from the file.
  return text.replace(/\p{Cc}/gu, ' ').slice(0, 300);
}
