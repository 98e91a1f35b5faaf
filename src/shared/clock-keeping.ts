// How the clocks of a testbed's nodes are kept by this program: measured now and then, and moved where they are off, while nothing uses them.

import { formatDuration } from './format.js';

/** A kept clock that is farther off than this is moved, ms. */
export const KEPT_CLOCK_LIMIT_MS = 500;

export interface KeptClock {
  nodeId: string;
  nodeName: string;
  /** Whether the node lets this program set its clock. */
  isKept: boolean;
  /** When it was looked at last since the program started, epoch ms; null for never. */
  lookedAtMs: number | null;
  /** The node's clock less this computer's after that, in ms; the truth lies within `errorMs` of it. Null where it was not to be had. */
  offsetMs: number | null;
  errorMs: number | null;
  /** When this program moved it last since it started, epoch ms, and by how much, ms. */
  movedAtMs: number | null;
  movedByMs: number | null;
  /** Why it was not looked at or not moved; null where all is well. */
  problem: string | null;
}

export interface ClockKeeping {
  testbedId: string;
  /** Whether clocks are looked at by themselves while this program runs. */
  isScheduled: boolean;
  intervalMs: number;
  /** What clocks are left alone for now, in words that follow "while"; null for nothing. */
  waitsFor: string | null;
  /** Real nodes only. */
  nodes: KeptClock[];
}

/** What was found and done at the last look, in words. */
export function describeKeptClock({ isKept, lookedAtMs, offsetMs, errorMs, movedByMs, problem }: KeptClock): string {
  if (!isKept) return 'not measured by itself';
  if (lookedAtMs === null) return 'not looked at since the program started';
  const offset = offsetMs === null ? null : `${formatDuration(offsetMs)} off${errorMs === null ? '' : `, ± ${formatDuration(errorMs)}`}`;
  const moved = movedByMs === null ? null : `moved by ${formatDuration(movedByMs)} before`;
  return [offset, moved, problem].filter((part) => part !== null).join('; ');
}

/** Sentences about all of them. */
export function describeKeeping({ isScheduled, intervalMs, waitsFor, nodes }: ClockKeeping): string[] {
  if (!nodes.some(({ isKept }) => isKept)) {
    return ['No clock is kept: “npm run cli -- provision TESTBED --keep-clock” gives this program the right to.'];
  }
  const minutes = Math.round(intervalMs / 60_000);
  return [
    isScheduled
      ? `Looked at every ${minutes} minutes while this program runs, and moved where more than ${KEPT_CLOCK_LIMIT_MS / 1000} s off.`
      : 'Looked at by themselves while a window is open, “npm run cli -- serve” runs or “clock keep” does.',
    ...(waitsFor === null ? [] : [`Left alone while ${waitsFor}.`]),
  ];
}
