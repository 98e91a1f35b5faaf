// Input pictures of image-to-image tasks, by the hash of their bytes. They are kept while a task here needs them and a while longer; they do
// not survive the agent, as its tasks don't. Whoever sends them may send anything: only whole PNG and JPEG files within the limits are kept, and
// none is decoded here.
//
//   picturesDir/<sha256 of the bytes>
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readImageHeader } from '../../image-header/image-header.js';
import { MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS } from '../../shared/service.js';
import { type AgentLog, describeThrown } from '../log.js';

/** Real ms that a picture is kept though no task names it: it comes before its task, and other tasks may have the same. */
const KEEP_UNUSED_MS = 10 * 60_000;
const SWEEP_INTERVAL_MS = 60_000;
/** All pictures together, bytes; what tasks need is never dropped for it. */
const MAX_TOTAL_BYTES = 4 * 1024 ** 3;

export interface PictureStoreOptions {
  /** Hashes that the tasks of this agent name now. */
  inUse: () => ReadonlySet<string>;
  log: AgentLog;
  /** Real ms, monotonic. */
  nowMs?: () => number;
  maxTotalBytes?: number;
}

/** Why a picture is not kept: an HTTP status, and a sentence without capital and full stop. */
export interface PictureRefusal {
  status: 413 | 415 | 422 | 507;
  reason: string;
}

interface Kept {
  sizeBytes: number;
  touchedMs: number;
}

export class PictureStore {
  readonly #directory: string;
  readonly #options: Required<PictureStoreOptions>;
  readonly #kept = new Map<string, Kept>();
  readonly #sweeper: NodeJS.Timeout;
  #totalBytes = 0;

  private constructor(directory: string, options: PictureStoreOptions) {
    this.#directory = directory;
    this.#options = { nowMs: () => performance.now(), maxTotalBytes: MAX_TOTAL_BYTES, ...options };
    this.#sweeper = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS).unref();
  }

  /** Opens the folder empty: what an earlier process left belongs to tasks that are gone. The caller closes it. */
  static async open(directory: string, options: PictureStoreOptions): Promise<PictureStore> {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new PictureStore(directory, options);
  }

  /** Whether the picture is here; it is then kept a while longer. */
  has(sha256: string): boolean {
    const kept = this.#kept.get(sha256);
    if (kept) kept.touchedMs = this.#options.nowMs();
    return kept !== undefined;
  }

  /** Where the picture's bytes are; null when it is not here. */
  pathOf(sha256: string): string | null {
    return this.has(sha256) ? join(this.#directory, sha256) : null;
  }

  /** The picture's bytes; null when it is not here. */
  async read(sha256: string): Promise<Buffer | null> {
    const path = this.pathOf(sha256);
    return path === null ? null : readFile(path);
  }

  /** Keeps a picture whose bytes have that hash; null when it is here now. */
  async put(sha256: string, bytes: Buffer): Promise<PictureRefusal | null> {
    if (this.has(sha256)) return null;
    const refusal = refusalOf(sha256, bytes) ?? (await this.#makeRoom(bytes.length));
    if (refusal) return refusal;
    const partPath = join(this.#directory, `${randomUUID()}.part`);
    await writeFile(partPath, bytes, { mode: 0o600 });
    await rename(partPath, join(this.#directory, sha256));
    if (!this.#kept.has(sha256)) this.#totalBytes += bytes.length;
    this.#kept.set(sha256, { sizeBytes: bytes.length, touchedMs: this.#options.nowMs() });
    return null;
  }

  /** Drops what no task names and no one asked for lately. */
  async sweep(keepUnusedMs = KEEP_UNUSED_MS): Promise<void> {
    const limitMs = this.#options.nowMs() - keepUnusedMs;
    const inUse = this.#options.inUse();
    for (const [sha256, { touchedMs }] of [...this.#kept]) if (touchedMs <= limitMs && !inUse.has(sha256)) await this.#drop(sha256);
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  async #makeRoom(sizeBytes: number): Promise<PictureRefusal | null> {
    const { maxTotalBytes } = this.#options;
    if (this.#totalBytes + sizeBytes <= maxTotalBytes) return null;
    await this.sweep(0);
    if (this.#totalBytes + sizeBytes <= maxTotalBytes) return null;
    return { status: 507, reason: `the input pictures of open tasks fill the ${maxTotalBytes} bytes that this node has for them` };
  }

  async #drop(sha256: string): Promise<void> {
    this.#totalBytes -= this.#kept.get(sha256)?.sizeBytes ?? 0;
    this.#kept.delete(sha256);
    await rm(join(this.#directory, sha256), { force: true }).catch((thrown: unknown) =>
      this.#options.log.warn('picture not removed', { reason: describeThrown(thrown) }),
    );
  }
}

function refusalOf(sha256: string, bytes: Buffer): PictureRefusal | null {
  if (bytes.length > MAX_PICTURE_BYTES) return { status: 413, reason: `the picture has more than ${MAX_PICTURE_BYTES} bytes` };
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return { status: 422, reason: 'the picture arrived damaged' };
  const header = readImageHeader(bytes);
  if (!header) return { status: 415, reason: 'it is not a whole PNG or JPEG file' };
  if (header.widthPx * header.heightPx <= MAX_PICTURE_PIXELS) return null;
  return { status: 415, reason: `the picture has ${header.widthPx} × ${header.heightPx} pixels, more than ${MAX_PICTURE_PIXELS} in all` };
}
