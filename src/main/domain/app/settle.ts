// Brings everything that goes on to a stop that loses nothing (`pause`) or gives the rest up (`stop`), within a bounded time. What cannot stand
// still is cancelled either way: provisioning, pushes and work on models go on from what is there when they are started again.
import type { Activity, SettleHow, Settled } from '../../../shared/activity.js';

export interface SettleParts {
  list(): Activity[];
  /** Ends one thing that goes on, in the way that was asked for; resolves when it has. */
  end(activity: Activity, how: SettleHow, signal: AbortSignal): Promise<unknown>;
  /** Rejects or resolves when the time is up; never before. */
  timeIsUp(limitMs: number, signal: AbortSignal): Promise<unknown>;
}

/** Never rejects: what fails to end is among what is left. */
export async function settle(parts: SettleParts, how: SettleHow, limitMs: number): Promise<Settled> {
  const ended = new AbortController();
  const ending = Promise.allSettled(
    parts
      .list()
      .filter((activity) => how === 'stop' || activity.state !== 'waiting' || activity.kind !== 'run')
      .map((activity) => parts.end(activity, how, ended.signal)),
  );
  await Promise.race([ending, parts.timeIsUp(limitMs, ended.signal).catch(() => undefined)]);
  ended.abort();
  // A run that waits for another one loses nothing by the end of the program: it has not begun.
  return { left: parts.list().filter(({ kind, state }) => kind !== 'run' || state !== 'waiting') };
}
