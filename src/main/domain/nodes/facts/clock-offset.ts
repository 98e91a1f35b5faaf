// How far a node's clock is from this machine's, by round trips: the node read its clock somewhere between the asking and the answer,
// so half the round trip bounds the error whatever the network does.

/** Ask this a few times; the quickest answer is the best one. */
export const CLOCK_COMMAND = 'date +%s.%N';

/** Clocks may give whole milliseconds only. */
const CLOCK_STEP_MS = 1;

export interface ClockReading {
  /** This machine's wall clock before the asking and after the answer, epoch ms. */
  askedAtMs: number;
  answeredAtMs: number;
  output: string;
}

export interface ClockOffset {
  /** Node less this machine. */
  clockOffsetMs: number | null;
  /** The truth lies within this of the offset. */
  clockErrorMs: number | null;
}

/** The reading with the smallest bound decides; nulls when no answer is a time. */
export function measureClockOffset(readings: readonly ClockReading[]): ClockOffset {
  let best: { clockOffsetMs: number; clockErrorMs: number } | null = null;
  for (const { askedAtMs, answeredAtMs, output } of readings) {
    const node = parseInstant(output);
    if (!node || answeredAtMs < askedAtMs) continue;
    const clockErrorMs = (answeredAtMs - askedAtMs) / 2 + node.errorMs + CLOCK_STEP_MS;
    if (!best || clockErrorMs < best.clockErrorMs) best = { clockOffsetMs: node.atMs - (askedAtMs + answeredAtMs) / 2, clockErrorMs };
  }
  if (!best) return { clockOffsetMs: null, clockErrorMs: null };
  return { clockOffsetMs: tenths(best.clockOffsetMs), clockErrorMs: Math.ceil(best.clockErrorMs * 10) / 10 };
}

/** `1764000000.123456789`, or few seconds where the clock was never set; a `date` without %N leaves whole seconds, of which the middle is taken. */
function parseInstant(output: string): { atMs: number; errorMs: number } | null {
  const [, seconds, fraction] = /^(\d{1,11})\.(?:(\d{3,9})|%?N?)$/.exec(output.trim()) ?? [];
  if (seconds === undefined) return null;
  if (fraction === undefined) return { atMs: Number(seconds) * 1000 + 500, errorMs: 500 };
  return { atMs: Number(seconds) * 1000 + Number(`0.${fraction}`) * 1000, errorMs: 0 };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
