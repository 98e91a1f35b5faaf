// Days, instants and ages as people write them: 2026-11-01, 2026-11-01T14:30, 7d. On the clock and in the zone of this computer.

const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const AGE = /^(\d{1,6})(min|h|d|w)$/;
const AGE_MS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A stretch of time, epoch ms: of an instant or an age no longer than a moment, of a day the whole of it. `to` is exclusive. */
export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

/** Null for what is none. `nowMs` is the wall clock, epoch ms. */
export function readInstant(text: string, nowMs: number): TimeSpan | null {
  const age = AGE.exec(text);
  if (age) {
    const ms = nowMs - Number(age[1]) * (AGE_MS[age[2] ?? ''] ?? 0);
    return { fromMs: ms, toMs: ms };
  }
  const parts = DAY.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const date = new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  // The 31st of a month without one would be the next month's first.
  const isReal = date.getMonth() === (month ?? 1) - 1 && date.getDate() === day && (hour ?? 0) < 24 && (minute ?? 0) < 60;
  if (!isReal) return null;
  const fromMs = date.getTime();
  if (parts[4] !== undefined) return { fromMs, toMs: fromMs };
  date.setDate(date.getDate() + 1);
  return { fromMs, toMs: date.getTime() };
}
