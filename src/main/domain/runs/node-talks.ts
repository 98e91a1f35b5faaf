// What is said to each node, one call after another: a submission never overtakes the configuration it needs.

export class NodeTalks {
  readonly #talks = new Map<string, Promise<unknown>>();

  isTalkingTo(nodeId: string): boolean {
    return this.#talks.has(nodeId);
  }

  /** Says something to a node after all that was to be said before; a failure is the caller's and stops nothing that follows. */
  say<T>(nodeId: string, say: () => Promise<T>): Promise<T> {
    const before = this.#talks.get(nodeId) ?? Promise.resolve();
    const talk = before.then(say);
    const settled = talk.then(
      () => undefined,
      () => undefined,
    );
    this.#talks.set(nodeId, settled);
    void settled.then(() => {
      if (this.#talks.get(nodeId) === settled) this.#talks.delete(nodeId);
    });
    return talk;
  }

  /** Resolves when everything said so far was heard or failed. */
  async ended(): Promise<void> {
    await Promise.all(this.#talks.values());
  }
}
