// Dates as the window shows them: by the clock and the zone of anyone who looks. Figures are written by shared/format.ts.

const dateTimeFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

/** Date and time of an epoch instant, in the local zone. */
export function formatDateTime(atMs: number | null | undefined): string {
  return atMs == null ? '–' : dateTimeFormat.format(atMs);
}

const timeOfDayFormat = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** `12:14:07`: when something of today was so. */
export function formatTimeOfDay(atMs: number | null | undefined): string {
  return atMs == null ? '–' : timeOfDayFormat.format(atMs);
}

const timeFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayTimeFormat = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const dayFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** `Nov 28, 2026`. */
export function formatDay(atMs: number): string {
  return dayFormat.format(atMs);
}

/** As short as it is clear at `nowMs`: `12:14` today, `Nov 28, 12:14` this year, `Nov 28, 2025` before. */
export function formatShortTime(atMs: number | null | undefined, nowMs: number): string {
  if (atMs == null) return '–';
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  if (at.toDateString() === now.toDateString()) return timeFormat.format(at);
  return (at.getFullYear() === now.getFullYear() ? dayTimeFormat : dayFormat).format(at);
}

/** The text with its figures and their units on one line each. */
export function keepUnits(text: string): string {
  return text.replaceAll(/(\d) (?=(?:ms|s|min|h|d|Wh|%)(?![a-z]))/gi, '$1\u00A0');
}
