// Figures as window, terminal and reports write them: English wherever the machine stands, metric, the unit always with the figure. What is
// not known is an en dash, never a zero.
import type { MeanInterval } from './mean-interval.js';

const UNKNOWN = '–';
const countFormat = new Intl.NumberFormat('en');

type Figure = number | null | undefined;

function isUnknown(value: Figure): value is null | undefined {
  return value == null || !Number.isFinite(value);
}

/** To make one takes much longer than to use it, and a live page writes hundreds of figures a second. */
const fixedFormats = new Map<number, Intl.NumberFormat>();

function formatOf(decimals: number): Intl.NumberFormat {
  let format = fixedFormats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    fixedFormats.set(decimals, format);
  }
  return format;
}

/** `×20`: how many times, as of a time scale, or of things alike that are counted behind their name. */
export function formatFactor(value: Figure): string {
  return isUnknown(value) ? UNKNOWN : `×${countFormat.format(value)}`;
}

/** `512 × 512 px`: width by height. */
export function formatPixels(widthPx: number, heightPx: number): string {
  return `${widthPx} × ${heightPx} px`;
}

/** `12,345` */
export function formatCount(value: Figure): string {
  return isUnknown(value) ? UNKNOWN : countFormat.format(value);
}

/** `1 node`, `5 nodes`: a count with its noun. */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${countFormat.format(value)} ${value === 1 ? singular : plural}`;
}

/** With a fixed number of decimals: `1,921.50`. */
export function formatNumber(value: Figure, decimals: number): string {
  return isUnknown(value) ? UNKNOWN : formatOf(decimals).format(value);
}

/** A duration to read at a glance, from milliseconds: `340 ms`, `18.3 s`, `6 min 22 s`, `1 h 5 min`. */
export function formatDuration(ms: Figure): string {
  if (isUnknown(ms)) return UNKNOWN;
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

/** How long something will still take: no finer than anyone can know. `30 s`, `12 min`, `1 h 5 min`. */
export function formatAbout(ms: Figure): string {
  if (isUnknown(ms)) return UNKNOWN;
  if (ms < 59_500) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < 10 * 60_000 - 500) return formatDuration(Math.round(ms / 10_000) * 10_000);
  return formatDuration(Math.round(ms / 60_000) * 60_000);
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

/** A duration to compare, in seconds with a fixed number of decimals, from milliseconds: `1,921.5 s`. */
export function formatSeconds(ms: Figure, decimals = 1): string {
  return isUnknown(ms) ? UNKNOWN : `${formatNumber(ms / 1000, decimals)} s`;
}

/** Decimal units, as publishers of disks and models use them: `5.97 GB`. */
export function formatBytes(bytes: Figure): string {
  if (isUnknown(bytes)) return UNKNOWN;
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
export function formatPercent(fraction: Figure, decimals = 1): string {
  return isUnknown(fraction) ? UNKNOWN : `${formatNumber(fraction * 100, decimals)} %`;
}

/** Three digits and the unit, which says per what: `14.1 images/min`. */
export function formatRate(value: Figure, unit: string): string {
  if (isUnknown(value)) return UNKNOWN;
  return `${value >= 100 ? countFormat.format(Math.round(value)) : value.toPrecision(3)} ${unit}`;
}

/** A duration in a cell of a table whose header has the unit, from milliseconds: `1,921.5`; `h:min:s` as `0:32:02`. */
export function formatTableDuration(ms: Figure, look: DurationLook = 'seconds', decimals = 1): string {
  if (isUnknown(ms)) return UNKNOWN;
  if (look === 'seconds') return formatNumber(ms / 1000, decimals);
  const sec = Math.round(Math.abs(ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : ''}${Math.floor(sec / 3600)}:${two(Math.floor(sec / 60) % 60)}:${two(sec % 60)}`;
}

/** How durations in tables are written, but in Table V, which has seconds as the paper does. */
export type DurationLook = 'seconds' | 'clock';

/** For the header of a column of durations: `Total (s)`, `Total (h:min:s)`. */
export function nameDurationColumn(name: string, look: DurationLook = 'seconds'): string {
  return `${name} (${look === 'seconds' ? 's' : 'h:min:s'})`;
}

/** `7.82 ± 0.12`; `7.82` where there is no interval, as of a single seed. */
export function formatInterval(value: Pick<MeanInterval, 'mean' | 'halfWidth95'> | null | undefined, decimals: number): string {
  if (value == null || isUnknown(value.mean)) return UNKNOWN;
  const mean = value.mean.toFixed(decimals);
  return isUnknown(value.halfWidth95) ? mean : `${mean} ± ${value.halfWidth95.toFixed(decimals)}`;
}

/** An instant in a document that travels: `2026-11-24 09:14:41 UTC`. */
export function formatInstant(epochMs: Figure): string {
  if (isUnknown(epochMs)) return UNKNOWN;
  return new Date(epochMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** `2026-11-29`: the day in UTC, for the terminal. */
export function formatIsoDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
