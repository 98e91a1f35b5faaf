// When a run or series that waits for a time is to start: read from what a person typed, and said. By the clock and the zone of who reads.

export interface PlannedStart {
  /** Epoch ms. */
  atMs: number;
  /** No program was there at that time: it waits for a person to say what now. */
  isMissed: boolean;
}

/** What was typed as an instant (epoch ms), or why it is none, with what would be one. */
export type ReadStartTime = { atMs: number; problem: null } | { atMs: null; problem: string };

/** `20:00` (today), `2026-12-01 20:00`, or with an offset from UTC: `2026-12-01T20:00+01:00`. */
const WORD = /^(?:(\d{4})-(\d{2})-(\d{2})[ T]+)?(\d{1,2}):(\d{2})(Z|[+-]\d{2}:\d{2})?$/;
const FORMS = 'Enter a time as 20:00, or with its day as 2026-12-01 20:00.';

/** Real ms from now to the latest start that can be planned. */
export const MAX_AHEAD_MS = 366 * 86_400_000;

/** Reads what a person typed, by the clock of who typed it. What lies in the past or more than a year ahead is refused. */
export function readStartTime(text: string, nowMs: number): ReadStartTime {
  const match = WORD.exec(text.trim());
  if (!match) return refuse(`“${text}” is not a time. ${FORMS}`);
  const today = new Date(nowMs);
  const [, year, month, day, hour, minute, offset] = match;
  const fields = {
    year: year === undefined ? today.getFullYear() : Number(year),
    month: month === undefined ? today.getMonth() + 1 : Number(month),
    day: day === undefined ? today.getDate() : Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  if (offset !== undefined && year === undefined) return refuse(`“${text}” has an offset from UTC but no day. ${FORMS}`);
  if (fields.hour > 23 || fields.minute > 59) return refuse(`“${text}” is not a time of the day. ${FORMS}`);
  if (!isDay(fields)) return refuse(`${isoDay(fields)} is not a day of the calendar. ${FORMS}`);
  const at = instantOf(fields, offset);
  if (at === null) {
    return refuse(`${clockOf(fields)} does not exist on ${isoDay(fields)} here: the clocks are set forward. Choose a time after that.`);
  }
  const problem = refuseStart(at, nowMs, { isDayGiven: year !== undefined });
  return problem === null ? { atMs: at, problem: null } : refuse(problem);
}

/** Why nothing can be planned for that instant; null where it can. */
export function refuseStart(atMs: number, nowMs: number, { isDayGiven } = { isDayGiven: true }): string | null {
  if (atMs <= nowMs) {
    const remedy = isDayGiven ? 'Choose a later time, or start now.' : 'Choose a later time, give the day with it, or start now.';
    // Now is said as seen from that instant: with its date where the day is another.
    return `${formatStart(atMs, nowMs)} has passed: it is ${formatStart(nowMs, atMs)}. ${remedy}`;
  }
  return atMs - nowMs > MAX_AHEAD_MS ? `${formatStart(atMs, nowMs)} is more than a year ahead. Choose an earlier time.` : null;
}

const timeFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const dayFormat = new Intl.DateTimeFormat('en', DAY);
const yearFormat = new Intl.DateTimeFormat('en', { ...DAY, year: 'numeric' });

/** `20:00` on the day of `nowMs`, else `Dec 1, 20:00`, in another year `Jan 2, 2027, 20:00`. */
export function formatStart(atMs: number, nowMs: number): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  if (at.toDateString() === now.toDateString()) return timeFormat.format(at);
  return (at.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(at);
}

/** `Starts at 20:00`, `Starts Dec 1, 20:00`; of one that was missed what happened, without a full stop. */
export function describePlannedStart({ atMs, isMissed }: PlannedStart, nowMs: number): string {
  const time = formatStart(atMs, nowMs);
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  const when = isToday ? `at ${time}` : time;
  return isMissed ? `Was to start ${when}, when the program was not running` : `Starts ${when}`;
}

/** As `readStartTime` takes it: `2026-12-01 20:00`. */
export function wordForStart(atMs: number): string {
  const at = new Date(atMs);
  const day = { year: at.getFullYear(), month: at.getMonth() + 1, day: at.getDate() };
  return `${isoDay(day)} ${clockOf({ hour: at.getHours(), minute: at.getMinutes() })}`;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** Null where the clocks skip that time. Of a time that comes twice, the first. */
function instantOf({ year, month, day, hour, minute }: Fields, offset: string | undefined): number | null {
  if (offset !== undefined) return Date.parse(`${isoDay({ year, month, day })}T${clockOf({ hour, minute })}:00${offset}`);
  const at = new Date(year, month - 1, day, hour, minute);
  return at.getHours() === hour && at.getMinutes() === minute ? at.getTime() : null;
}

function isDay({ year, month, day }: Fields): boolean {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

function isoDay({ year, month, day }: Pick<Fields, 'year' | 'month' | 'day'>): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function clockOf({ hour, minute }: Pick<Fields, 'hour' | 'minute'>): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function refuse(problem: string): ReadStartTime {
  return { atMs: null, problem };
}
