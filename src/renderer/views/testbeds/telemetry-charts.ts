// Live telemetry as small charts: what each shows, and what the device does not report.
import type { LineSeries } from '../../../shared/chart-description.js';
import { hottestOf, type NodeTelemetry, TELEMETRY_INTERVAL_MS, type TelemetrySample } from '../../../shared/telemetry.js';

export interface TelemetryChart {
  title: string;
  /** File name of its CSV without the ending. */
  fileName: string;
  yTitle: string;
  series: LineSeries[];
  /** The newest value with its unit. */
  now: string;
}

type Telemetry = Pick<NodeTelemetry, 'samples'>;
type ReadValue = (sample: TelemetrySample) => number | null;

/** What a value is called where no sample has it. */
const NOT_REPORTED = 'not reported by this device';
const MAX_RAILS = 6;
const BYTES_PER_GB = 1e9;
/** Samples further apart have a gap between them. */
const GAP_MS = 3 * TELEMETRY_INTERVAL_MS;

export function listTelemetryCharts({ samples }: Telemetry, nodeName: string): TelemetryChart[] {
  const chart = (title: string, yTitle: string, unit: string, lines: readonly [name: string, read: ReadValue][]): TelemetryChart => {
    const reported = lines.filter(([, read]) => samples.some((sample) => read(sample) !== null));
    return {
      title,
      yTitle,
      fileName: `${nodeName}-${title.toLowerCase()}`,
      series: reported.map(([name, read]) => toSeries(name, samples, read)),
      now:
        lines.map(([name, read]) => describeNow(lines.length > 1 || title === 'Power' ? name : null, samples, read, unit)).join(', ') ||
        NOT_REPORTED,
    };
  };
  const total = samples.at(-1)?.memoryTotalBytes ?? null;
  const ofTotal = total === null ? '' : ` of ${(total / BYTES_PER_GB).toFixed(1)}`;
  const rails = [...new Set(samples.flatMap((sample) => sample.rails.map(({ name }) => name)))].slice(0, MAX_RAILS);
  return [
    chart('Load', 'Load (%)', '%', [
      ['GPU', ({ gpuPercent }) => gpuPercent],
      ['CPU', ({ cpuPercent }) => cpuPercent],
    ]),
    chart('Memory', `Used${ofTotal} (GB)`, `${ofTotal} GB`, [
      ['Memory', ({ memoryUsedBytes }) => (memoryUsedBytes === null ? null : memoryUsedBytes / BYTES_PER_GB)],
    ]),
    chart(
      'Power',
      'Rail (W)',
      'W',
      rails.map((rail) => [rail, ({ rails: reported }) => wattsOf(reported, rail)]),
    ),
    chart('Temperature', 'Hottest sensor (°C)', '°C', [['Hottest sensor', (sample) => hottestOf(sample)?.celsius ?? null]]),
  ];
}

function wattsOf(rails: TelemetrySample['rails'], name: string): number | null {
  const found = rails.find((rail) => rail.name === name);
  return found ? found.milliwatts / 1000 : null;
}

/** x is seconds before the newest sample. */
function toSeries(name: string, samples: readonly TelemetrySample[], read: ReadValue): LineSeries {
  const newestMs = samples.at(-1)?.atMs ?? 0;
  const points = samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    const x = (sample.atMs - newestMs) / 1000;
    const gap = before && sample.atMs - before.atMs > GAP_MS ? [{ x: (before.atMs - newestMs) / 1000 + 0.001, y: null }] : [];
    return [...gap, { x, y: read(sample) }];
  });
  return { name, points };
}

function describeNow(name: string | null, samples: readonly TelemetrySample[], read: ReadValue, unit: string): string {
  const isReported = samples.some((sample) => read(sample) !== null);
  const newest = samples.at(-1);
  const value = newest ? read(newest) : null;
  const text = !isReported ? NOT_REPORTED : value === null ? '–' : `${value.toFixed(1)}${unit.startsWith(' ') ? '' : ' '}${unit}`;
  return name === null ? text : `${name} ${text}`;
}
