// Output of nodes as lines for the window: cut at line ends, cleaned of control characters and of anything that looks like a secret.
import { redactAll } from '../../../adapters/log/redact-all.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';

const MAX_LINE_LENGTH = 400;
/** A node that never ends its line does not fill the memory. */
const MAX_UNFINISHED_LENGTH = 4_000;

export class OutputLines {
  readonly #emit: (line: string) => void;
  #unfinished = '';
  #isInsideKey = false;

  /** `emit` gets one clean, non-empty line at a time. */
  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  write(chunk: string): void {
    const lines = (this.#unfinished + chunk).split(/\r\n|\n|\r/);
    this.#unfinished = (lines.pop() ?? '').slice(-MAX_UNFINISHED_LENGTH);
    for (const line of lines) this.#take(line);
  }

  /** Emits what comes after the last line end. */
  end(): void {
    if (this.#unfinished) this.#take(this.#unfinished);
    this.#unfinished = '';
  }

  #take(line: string): void {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) {
      this.#isInsideKey = true;
      this.#emit('[private key removed]');
    }
    const isKeyLine = this.#isInsideKey;
    if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) this.#isInsideKey = false;
    if (isKeyLine) return;
    const clean = printable(redactAll(line), MAX_LINE_LENGTH);
    if (clean) this.#emit(clean);
  }
}
