// Where values fall on an axis, and where it has its ticks.
import type { ChartAxis } from '../../../../shared/chart-description.js';

export interface Scale {
  ticks: readonly number[];
  /** From a value to px; null where a logarithmic axis has no place for it. */
  place(value: number): number | null;
}

/** Round steps of 1, 2 or 5 times a power of ten. */
function linearTicks(min: number, max: number, target: number): number[] {
  const raw = (max - min) / target;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10) * magnitude;
  const first = Math.floor(min / step);
  const last = Math.ceil(max / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** An axis from `fromPx` to `toPx` that holds all values; a linear one of values that are not negative starts at zero. */
export function scaleFor(axis: ChartAxis, values: readonly number[], fromPx: number, toPx: number): Scale {
  const isLogarithmic = axis.scale === 'logarithmic';
  const known = values.filter((value) => Number.isFinite(value) && (!isLogarithmic || value > 0));
  let [min, max] = known.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  if (known.length === 0) [min, max] = isLogarithmic ? [1, 10] : [0, 1];
  if (isLogarithmic) {
    const first = Math.floor(Math.log10(min));
    const last = Math.max(first + 1, Math.ceil(Math.log10(max)));
    const every = Math.max(1, Math.ceil((last - first) / 8));
    const ticks = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => 10 ** (first + index * every));
    return { ticks, place: (value) => (value > 0 ? fromPx + ((Math.log10(value) - first) / (last - first)) * (toPx - fromPx) : null) };
  }
  if (min >= 0) min = 0;
  if (max <= min) max = min + 1;
  const ticks = linearTicks(min, max, 6);
  const [low, high] = [ticks[0] ?? min, ticks.at(-1) ?? max];
  return { ticks, place: (value) => fromPx + ((value - low) / (high - low)) * (toPx - fromPx) };
}

const tickFormat = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

export function formatTick(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(0) : tickFormat.format(value);
}
