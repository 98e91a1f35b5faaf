// Live state as a stream of whole snapshots: the newest only, never a backlog, so that a slow reader can't make the program hold memory.
export interface SnapshotSource<T> {
  /** Reads the state as it is now. */
  read(): T;
  /** Calls the listener after each change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Real milliseconds between two snapshots at the least. */
  minIntervalMs?: number;
  /** Yields again after this many real milliseconds even without a change (ages, clocks); absent = never. */
  maxIntervalMs?: number;
  /** True ends the stream after the snapshot it was called with. */
  isLast?(snapshot: T): boolean;
  /** Whether the next snapshot is the last; asked at each change, so it has to cost nothing. That one then waits for no interval. */
  hasEnded?(): boolean;
}

/** Yields a snapshot at once and then after changes, until the signal aborts or `isLast` says so. Never throws on abort. */
export async function* watchSnapshots<T>(source: SnapshotSource<T>, signal: AbortSignal): AsyncGenerator<T> {
  const { minIntervalMs = 100, maxIntervalMs } = source;
  let hasChanged = true;
  let wake: () => void = () => undefined;
  const unsubscribe = source.subscribe(() => {
    hasChanged = true;
    wake();
  });
  /** The pause between two snapshots. For the last one it ends at once: who waits for the end of work would wait for nothing else. */
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, minIntervalMs);
      wake = () => {
        if (!signal.aborted && !source.hasEnded?.()) return;
        clearTimeout(timer);
        resolve();
      };
      if (hasChanged || signal.aborted) wake();
    });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      if (hasChanged) {
        hasChanged = false;
        const snapshot = source.read();
        yield snapshot;
        if (source.isLast?.(snapshot)) return;
        await rest();
        continue;
      }
      await new Promise<void>((resolve) => {
        const timer = maxIntervalMs === undefined ? null : setTimeout(resolve, maxIntervalMs);
        wake = () => {
          if (timer) clearTimeout(timer);
          resolve();
        };
        if (hasChanged || signal.aborted) wake();
      });
      hasChanged = true;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
