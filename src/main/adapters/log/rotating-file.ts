// A file of lines that is bounded: at its limit it becomes NAME.1.log, the one before it NAME.2.log, and the oldest goes. Lines are
// gathered and written a few times a second without fsync: a crash of the machine loses the last of them, one of the program none that
// were errors.
import { chmodSync, closeSync, fchmodSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  /** `<folder>/dedgeai.log`; the folder is made with mode 0700 at the first line. */
  path: string;
  maxBytes: number;
  /** Former files that are kept. */
  keep: number;
  /** Only the program that has the data folder to itself rotates; others append. */
  rotates: boolean;
  /** The line that reports lost ones. */
  describeLoss(lostLines: number): string;
}

const GATHER_MS = 200;
const GATHER_BYTES = 64 * 1024;
/** What waits for a full disk at the most. */
const MAX_WAITING_BYTES = 1024 * 1024;

export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: number | null = null;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #lostLines = 0;
  /** A full disk has cut a block in the middle: what follows starts on a line of its own. */
  #isCut = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Takes one line with its line end. Never throws. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lostLines++;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= GATHER_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  /** Writes what waits; what can't be written waits on, and is reported when it had to be dropped. Never throws. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waitingBytes === 0) return;
    try {
      const loss = this.#lostLines > 0 ? [Buffer.from(this.#options.describeLoss(this.#lostLines))] : [];
      const block = Buffer.concat([...(this.#isCut ? [Buffer.from('\n')] : []), ...this.#waiting, ...loss]);
      this.#open(block.length);
      this.#writeWhole(block);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#lostLines = 0;
    } catch {
      // A full disk must not end what is logged about. The next line tries again.
      this.#close();
    }
  }

  /** Writes what waits and closes the file; a later line opens it again. */
  close(): void {
    this.flush();
    this.#close();
  }

  #writeWhole(block: Buffer): void {
    const file = this.#file;
    if (file === null) throw new Error('The file is not open');
    for (let written = 0; written < block.length;) {
      written += writeSync(file, block, written);
      this.#isCut = written < block.length;
    }
  }

  #open(comingBytes: number): void {
    const { path, maxBytes, rotates } = this.#options;
    if (this.#file !== null && !isSameFile(this.#file, path)) this.#close();
    this.#file ??= openAppending(path);
    const { size } = fstatSync(this.#file);
    if (!rotates || size === 0 || size + comingBytes <= maxBytes) return;
    this.#close();
    this.#rotate();
    this.#file = openAppending(path);
  }

  #rotate(): void {
    const { path, keep } = this.#options;
    rmSync(formerPath(path, keep), { force: true });
    for (let number = keep - 1; number >= 1; number--) renameIfThere(formerPath(path, number), formerPath(path, number + 1));
    if (keep > 0) renameIfThere(path, formerPath(path, 1));
    else rmSync(path, { force: true });
  }

  #close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** `dedgeai.log` becomes `dedgeai.1.log`. */
export function formerPath(path: string, number: number): string {
  return path.replace(/\.log$/, `.${number}.log`);
}

function openAppending(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // It may have been there before, open to all.
  chmodSync(dirname(path), 0o700);
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600);
  return file;
}

/** Whether the path still names the open file: it may have been rotated by another program, or removed. */
function isSameFile(file: number, path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(file).ino;
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
