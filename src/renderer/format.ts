// Dates as the window shows them: by the clock and the zone of anyone who looks. Figures are written by shared/format.ts.

const dateTimeFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

/** Date and time of an epoch instant, in the local zone. */
export function formatDateTime(atMs: number | null | undefined): string {
  return atMs == null ? '–' : dateTimeFormat.format(atMs);
}
