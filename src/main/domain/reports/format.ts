// Figures as a report shows them; the locale is fixed, so that a report does not depend on the machine.

/** `1,921.5 s`; `none` where there is nothing. */
export function formatSec(milliseconds: number | null): string {
  return milliseconds === null ? 'none' : `${formatNumber(milliseconds / 1000, 1)} s`;
}

export function formatNumber(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function formatPercent(fraction: number | null, digits = 1): string {
  return fraction === null ? 'none' : `${formatNumber(fraction * 100, digits)} %`;
}

/** `2026-11-24 09:14:41 UTC` */
export function formatInstant(epochMs: number | null): string {
  return epochMs === null
    ? 'none'
    : new Date(epochMs)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC');
}
