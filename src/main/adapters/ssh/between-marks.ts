// What is between two marks of a stream that comes in pieces; what is before the first is kept apart, what is behind the last is dropped.

/** Kept of what came before the first mark, bytes: its end, where a shell says why it stopped. */
const MAX_NOISE_BYTES = 4_096;
/** More than any exit status has. */
const MAX_STATUS_LENGTH = 8;

export class BetweenMarks {
  readonly #start: Buffer;
  /** Null for a stream that has none. */
  readonly #end: Buffer | null;
  /** Not distinguished yet: it may be the start of a mark. */
  #rest: Buffer = Buffer.alloc(0);
  #noise: Buffer = Buffer.alloc(0);
  #phase: 'before' | 'between' | 'behind' = 'before';
  #status: number | null = null;

  constructor(start: string, end: string | null) {
    this.#start = Buffer.from(start);
    this.#end = end === null ? null : Buffer.from(end);
  }

  get hasStarted(): boolean {
    return this.#phase !== 'before';
  }

  /** The number behind the last mark; null as long as it has not come. */
  get status(): number | null {
    return this.#status;
  }

  /** The end of what came before the first mark. */
  get noise(): string {
    return Buffer.concat(this.#phase === 'before' ? [this.#noise, this.#rest] : [this.#noise]).toString('utf8');
  }

  /** What of this piece, and of pieces before it, is known to be between the marks. */
  take(chunk: Buffer): Buffer {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (this.#phase === 'before') this.#seekStart();
    if (this.#phase === 'behind') this.#readStatus();
    return this.#phase === 'between' ? this.#takeBetween() : Buffer.alloc(0);
  }

  /** What was held back in case it were a mark, once nothing more comes. */
  flush(): Buffer {
    return this.#phase === 'between' ? this.#cut(this.#rest.length) : Buffer.alloc(0);
  }

  #seekStart(): void {
    const at = this.#rest.indexOf(this.#start);
    const noise = this.#cut(at === -1 ? this.#rest.length - startOf(this.#start, this.#rest) : at);
    this.#noise = Buffer.concat([this.#noise, noise]).subarray(-MAX_NOISE_BYTES);
    if (at === -1) return;
    this.#cut(this.#start.length);
    this.#phase = 'between';
  }

  #takeBetween(): Buffer {
    const end = this.#end;
    if (end === null) return this.#cut(this.#rest.length);
    const at = this.#rest.indexOf(end);
    if (at === -1) return this.#cut(this.#rest.length - startOf(end, this.#rest));
    const taken = this.#cut(at);
    this.#cut(end.length);
    this.#phase = 'behind';
    this.#readStatus();
    return taken;
  }

  #readStatus(): void {
    this.#rest = this.#rest.subarray(0, MAX_STATUS_LENGTH);
    const [, digits] = /^(\d{1,3})>/.exec(this.#rest.toString('latin1')) ?? [];
    if (digits !== undefined) this.#status = Number(digits);
  }

  #cut(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** How many bytes at the end of `text` may be the start of `mark`. */
function startOf(mark: Buffer, text: Buffer): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.subarray(text.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}
