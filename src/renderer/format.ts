// Numbers, durations and dates as the window writes them. English, metric, unit always with the figure; an unknown value is an en dash.

const UNKNOWN = '–';
const countFormat = new Intl.NumberFormat('en');
const dateTimeFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

/** `12,345` */
export function formatCount(value: number | null | undefined): string {
  return value == null ? UNKNOWN : countFormat.format(value);
}

/** `1 node`, `5 nodes`: a count with its noun. */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${countFormat.format(value)} ${value === 1 ? singular : plural}`;
}

/** A duration to read at a glance, from milliseconds: `340 ms`, `18.3 s`, `6 min 22 s`, `1 h 5 min`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 999.5) return `${ms < 10 ? roundTo(ms, 1) : Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A duration to compare, in seconds with a fixed number of decimals, from milliseconds: `1,921.5 s`. */
export function formatSeconds(ms: number | null | undefined, decimals = 1): string {
  if (ms == null || !Number.isFinite(ms)) return UNKNOWN;
  return `${new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(ms / 1000)} s`;
}

/** Decimal units, as disk and model sizes are given: `5.97 GB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null || !Number.isFinite(bytes)) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit] ?? ''}`;
}

/** A fraction as percent: 0.957 is `95.7 %`. */
export function formatPercent(fraction: number | null | undefined, decimals = 1): string {
  return fraction == null || !Number.isFinite(fraction) ? UNKNOWN : `${(fraction * 100).toFixed(decimals)} %`;
}

/** Date and time of an epoch instant, in the local zone. */
export function formatDateTime(atMs: number | null | undefined): string {
  return atMs == null ? UNKNOWN : dateTimeFormat.format(atMs);
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

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
