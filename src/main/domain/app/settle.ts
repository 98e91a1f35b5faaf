// Brings everything in progress to a stop that loses nothing (`pause`) or gives the rest up (`stop`), within a bounded time. What cannot stand
// still is canceled either way: provisioning, pushes and work on models continue from what is there when they are started again.
import type { Activity, SettleHow, Settled } from '../../../shared/activity.js';

export interface SettleOptions {
  list(): Activity[];
  /** Ends one thing in progress, in the way that was asked for; resolves when it has. */
  end(activity: Activity, how: SettleHow, signal: AbortSignal): Promise<unknown>;
  /** Rejects or resolves when the time is up; never before. */
  timeIsUp(limitMs: number, signal: AbortSignal): Promise<unknown>;
}

/** Waiting ones lose nothing by the end of the program: they have not started, and the next start of it has them wait again. */
const LEFT_WAITING: readonly Activity['kind'][] = ['run', 'series'];

/** Never rejects: what fails to end is among what is left. */
export async function settle(options: SettleOptions, how: SettleHow, limitMs: number): Promise<Settled> {
  const ended = new AbortController();
  const ending = Promise.allSettled(
    options
      .list()
      .filter((activity) => how === 'stop' || activity.state !== 'waiting' || !LEFT_WAITING.includes(activity.kind))
      .map((activity) => options.end(activity, how, ended.signal)),
  );
  await Promise.race([ending, options.timeIsUp(limitMs, ended.signal).catch(() => undefined)]);
  ended.abort();
  return { left: options.list().filter(({ kind, state }) => !LEFT_WAITING.includes(kind) || state !== 'waiting') };
}
