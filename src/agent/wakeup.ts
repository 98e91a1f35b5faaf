/** Lets one loop sleep until something happens, without missing what happens while it is awake. */
export class Wakeup {
  #isPending = false;
  #resolve: (() => void) | null = null;

  notify(): void {
    this.#isPending = true;
    this.#resolve?.();
  }

  /** Resolves at the next notify (at once when one came since the last wait) or after `timeoutMs` real milliseconds. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isPending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#resolve = null;
    this.#isPending = false;
  }
}
