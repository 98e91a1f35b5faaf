// A folder for files that are on their way somewhere else: what a former program left there is of no use any more.
import { mkdir, rm } from 'node:fs/promises';

export class ScratchFolder {
  #ready: Promise<void> | null = null;

  constructor(readonly path: string) {}

  /** Empties the folder, once a session; anyone who comes meanwhile waits for it. A failure is tried again by the next caller. */
  prepare(): Promise<void> {
    this.#ready ??= this.#empty().catch((thrown: unknown) => {
      this.#ready = null;
      throw thrown;
    });
    return this.#ready;
  }

  async #empty(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }
}
