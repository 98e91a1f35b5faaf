// Dates and ages as the window shows them: by the clock and the zone of anyone who looks. Figures are written by shared/format.ts.

const dateTimeFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

/** Date and time of an epoch instant, in the local zone. */
export function formatDateTime(atMs: number | null | undefined): string {
  return atMs == null ? '–' : dateTimeFormat.format(atMs);
}

/** How long ago, coarse: `just now`, `12 s ago`, `3 min ago`. */
export function formatAge(ageMs: number | null | undefined): string {
  if (ageMs == null) return 'never';
  if (ageMs < 2000) return 'just now';
  if (ageMs < 60_000) return `${Math.round(ageMs / 1000)} s ago`;
  if (ageMs < 3_600_000) return `${Math.round(ageMs / 60_000)} min ago`;
  if (ageMs < 86_400_000) return `${Math.round(ageMs / 3_600_000)} h ago`;
  return `${Math.round(ageMs / 86_400_000)} d ago`;
}
