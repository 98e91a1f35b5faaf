// Slows down anyone who guesses at tokens. A guess is hopeless anyway (256 bits), so what counts is that the owner is never locked out for
// long: attempts while the door is closed are not looked at and do not lengthen it, and it is closed for eight seconds at the most.

/** So many may be wrong in a row: an old link, a link cut off by a line's end. */
const FREE_MISTAKES = 5;
const FIRST_CLOSED_MS = 1_000;
const MAX_CLOSED_MS = 8_000;

export class WrongTokens {
  readonly #nowMs: () => number;
  #inARow = 0;
  #closedUntilMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Seconds until a token is looked at again; 0 when it is now. */
  get waitSec(): number {
    return Math.max(0, Math.ceil((this.#closedUntilMs - this.#nowMs()) / 1000));
  }

  /** A token was wrong. */
  add(): void {
    this.#inARow++;
    const beyond = this.#inARow - FREE_MISTAKES;
    if (beyond >= 0) this.#closedUntilMs = this.#nowMs() + Math.min(FIRST_CLOSED_MS * 2 ** beyond, MAX_CLOSED_MS);
  }

  /** A token was right. */
  clear(): void {
    this.#inARow = 0;
    this.#closedUntilMs = 0;
  }
}
