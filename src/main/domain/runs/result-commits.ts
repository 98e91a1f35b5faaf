// Gathers results that are ready to be accepted, so that they share one commit: a disk takes as long for one as for fifty, and the program
// stands still meanwhile. Each is settled only when it is on disk.
import type { Acceptance } from './task-board.js';

/** Real ms between the end of a commit and the next one, if that many come; one that comes alone does not wait. */
const BETWEEN_COMMITS_MS = 25;

interface Waiting {
  acceptance: Acceptance;
  resolve(isAccepted: boolean): void;
  reject(thrown: unknown): void;
}

export class ResultCommits {
  /** Commits all of them together, or throws and commits none. */
  readonly #commit: (acceptances: readonly Acceptance[]) => boolean[];
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastEndMs = -Infinity;
  /** After a failure each goes alone, until all of a round went well: one that can't be stored must take no other with it. */
  #isOneByOne = false;

  constructor(commit: (acceptances: readonly Acceptance[]) => boolean[]) {
    this.#commit = commit;
  }

  /** Resolves when it is on disk: false when its lease is not the current one any more. Rejects with what the commit threw. */
  add(acceptance: Acceptance): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ acceptance, resolve, reject });
      this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#lastEndMs + BETWEEN_COMMITS_MS - performance.now()));
    });
  }

  /** What waits is left as it is: no one has acknowledged it. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#timer = undefined;
    const groups = this.#isOneByOne ? waiting.map((one) => [one]) : [waiting];
    this.#isOneByOne = !groups.map((group) => this.#commitGroup(group)).every(Boolean);
    this.#lastEndMs = performance.now();
  }

  #commitGroup(group: readonly Waiting[]): boolean {
    try {
      const isAccepted = this.#commit(group.map(({ acceptance }) => acceptance));
      group.forEach(({ resolve }, index) => resolve(isAccepted[index] ?? false));
      return true;
    } catch (thrown) {
      for (const { reject } of group) reject(thrown);
      return false;
    }
  }
}
