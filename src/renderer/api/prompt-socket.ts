// A WebSocket that has closed when it was closed. The browser waits for the other side to agree, and one that hangs never does: the window
// would believe in its connection for a minute more.

/** Real ms for the other side to agree. */
const AGREE_MS = 1_000;

export class PromptSocket extends WebSocket {
  #hasEnded = false;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    // Before any other listener: of two ends only the first counts.
    this.addEventListener('close', (event) => {
      if (this.#hasEnded) event.stopImmediatePropagation();
      this.#hasEnded = true;
    });
  }

  override close(code?: number, reason?: string): void {
    super.close(code, reason);
    setTimeout(() => {
      if (!this.#hasEnded) this.dispatchEvent(new CloseEvent('close', { wasClean: false, code: 1006 }));
    }, AGREE_MS);
  }
}
