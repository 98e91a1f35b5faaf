// When the clock of a run starts to go, or continues after a pause, its nodes know it in advance.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunLife } from './run-life.js';
import type { RunNodes } from './run-nodes.js';

/** Real ms in which all nodes hear when the run's clock goes, before it does: one call. Nodes that take longer still hear of it. */
export const CLOCK_LEAD_MS = 250;

export interface ClockOptions {
  life: RunLife;
  nodes: Pick<RunNodes, 'sendClock'>;
  nowMs(): number;
  leaseTimeoutMs: number;
  /** Aborted when the run is let go. */
  closed: AbortSignal;
}

/**
 * Lets all nodes know in advance when the run's clock goes, so that the instants they report are on its axis, and waits until it does. The
 * instant is a whole millisecond, as it is stored.
 */
export async function agreeOnClock({ life, nodes, nowMs, leaseTimeoutMs, closed }: ClockOptions): Promise<number> {
  const startsAtMs = Math.ceil(nowMs()) + CLOCK_LEAD_MS;
  life.clockStartsAtMs = startsAtMs;
  void nodes.sendClock(AbortSignal.timeout(leaseTimeoutMs));
  while (nowMs() < startsAtMs && !closed.aborted) await delay(Math.max(1, startsAtMs - nowMs()));
  life.clockStartsAtMs = null;
  return startsAtMs;
}
