// When the clock of a run begins to go, or goes on after a pause, its nodes know it beforehand.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunLife } from './run-life.js';
import type { RunNodes } from './run-nodes.js';

/** Real ms in which all nodes are told when the run's clock goes, before it does: one call. Nodes that take longer still hear of it. */
export const CLOCK_LEAD_MS = 250;

export interface ClockParts {
  life: RunLife;
  nodes: Pick<RunNodes, 'tellClock'>;
  nowMs(): number;
  leaseTimeoutMs: number;
  /** Aborted when the run is let go. */
  closed: AbortSignal;
}

/**
 * Tells all nodes beforehand when the run's clock goes, so that the instants they report are on its axis, and waits until it does. The
 * instant is a whole millisecond, as it is stored.
 */
export async function agreeOnClock({ life, nodes, nowMs, leaseTimeoutMs, closed }: ClockParts): Promise<number> {
  const goesAtMs = Math.ceil(nowMs()) + CLOCK_LEAD_MS;
  life.clockGoesAtMs = goesAtMs;
  void nodes.tellClock(AbortSignal.timeout(leaseTimeoutMs));
  while (nowMs() < goesAtMs && !closed.aborted) await delay(Math.max(1, goesAtMs - nowMs()));
  life.clockGoesAtMs = null;
  return goesAtMs;
}
