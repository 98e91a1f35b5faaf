// Cuts a stream of text into lines; a line without an end does not fill the memory.

export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #maxChars: number;
  #unfinished = '';
  #isTooLong = false;

  /** A line longer than `maxChars` is not reported. */
  constructor(maxChars: number, onLine: (line: string) => void) {
    this.#maxChars = maxChars;
    this.#onLine = onLine;
  }

  write(chunk: string): void {
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#endLine();
      if (this.#isTooLong) continue;
      this.#unfinished += part;
      if (this.#unfinished.length <= this.#maxChars) continue;
      this.#unfinished = '';
      this.#isTooLong = true;
    }
  }

  #endLine(): void {
    const line = this.#unfinished;
    const isWhole = !this.#isTooLong;
    this.#unfinished = '';
    this.#isTooLong = false;
    if (isWhole && line.trim() !== '') this.#onLine(line);
  }
}
