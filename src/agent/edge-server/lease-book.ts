/** How many leases are remembered; more than any queue holds, and the oldest go first. */
const MAX_LEASES = 50_000;

/** Remembers the newest lease epoch of each task, so that a repeated offer is not executed twice. */
export class LeaseBook {
  readonly #epochs = new Map<string, number>();

  epochOf(taskId: string): number | undefined {
    return this.#epochs.get(taskId);
  }

  record(taskId: string, epoch: number): void {
    this.#epochs.delete(taskId);
    this.#epochs.set(taskId, epoch);
    if (this.#epochs.size <= MAX_LEASES) return;
    const [oldest] = this.#epochs.keys();
    if (oldest !== undefined) this.#epochs.delete(oldest);
  }
}
