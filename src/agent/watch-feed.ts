// What watchers are sent: outcomes at once, the status at most every 100 ms and at least once a second (real time).
import type { AgentStatus, TaskOutcome } from '../shared/rpc/gen/agent_pb.js';
import { Wakeup } from './wakeup.js';

const MIN_STATUS_INTERVAL_MS = 100;
const MAX_STATUS_INTERVAL_MS = 1_000;
/** Outcomes per message, so that a rejoining watcher gets thousands in pieces. */
const MAX_OUTCOMES_PER_MESSAGE = 200;

export interface WatchMessage {
  status: AgentStatus;
  outcomes: TaskOutcome[];
}

interface Watcher {
  runId: string;
  outcomes: TaskOutcome[];
  hasStatusChanged: boolean;
  wakeup: Wakeup;
}

export class WatchFeed {
  readonly #watchers = new Set<Watcher>();
  #isClosed = false;

  publishOutcome(outcome: TaskOutcome): void {
    for (const watcher of this.#watchers) {
      if (watcher.runId !== '' && watcher.runId !== outcome.runId) continue;
      watcher.outcomes.push(outcome);
      watcher.wakeup.notify();
    }
  }

  noteStatusChange(): void {
    for (const watcher of this.#watchers) {
      if (watcher.hasStatusChanged) continue;
      watcher.hasStatusChanged = true;
      watcher.wakeup.notify();
    }
  }

  /** Starts with `backlog` and the status at once; ends at the signal or when the feed closes. */
  async *watch(
    runId: string,
    source: { backlog: TaskOutcome[]; status: () => AgentStatus; signal: AbortSignal },
  ): AsyncGenerator<WatchMessage> {
    const watcher: Watcher = { runId, outcomes: [...source.backlog], hasStatusChanged: true, wakeup: new Wakeup() };
    const wake = (): void => watcher.wakeup.notify();
    source.signal.addEventListener('abort', wake);
    this.#watchers.add(watcher);
    let lastSentMs = -Infinity;
    try {
      while (!source.signal.aborted && !this.#isClosed) {
        const intervalMs = watcher.hasStatusChanged ? MIN_STATUS_INTERVAL_MS : MAX_STATUS_INTERVAL_MS;
        const dueInMs = lastSentMs + intervalMs - performance.now();
        if (watcher.outcomes.length === 0 && dueInMs > 0) {
          await watcher.wakeup.wait(dueInMs);
          continue;
        }
        const outcomes = watcher.outcomes.splice(0, MAX_OUTCOMES_PER_MESSAGE);
        watcher.hasStatusChanged = false;
        lastSentMs = performance.now();
        yield { status: source.status(), outcomes };
      }
    } finally {
      this.#watchers.delete(watcher);
      source.signal.removeEventListener('abort', wake);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.wakeup.notify();
  }
}
