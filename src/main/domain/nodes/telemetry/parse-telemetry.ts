// What the telemetry command prints, chunk by chunk, into samples. What comes from a node is a stranger's text: bounded and looked for part
// by part. No clock: the time of arrival comes in.
import type { NodeTelemetry, TelemetrySample } from '../../../../shared/telemetry.js';
import { parseTegrastats, type TegrastatsSample } from '../facts/parse-tegrastats.js';
import { END_WORD, SAMPLE_WORD, SOURCE_WORD } from './telemetry-command.js';

const MAX_LINE_LENGTH = 4_000;
/** Of one sample of /proc: a few lines, and one a sensor. */
const MAX_LINES = 200;
const MAX_SENSORS = 40;

interface CpuTimes {
  busy: number;
  total: number;
}

export class TelemetryParser {
  source: NodeTelemetry['source'] = null;
  #rest = '';
  /** Lines of the sample that is being read; null between two. */
  #lines: string[] | null = null;
  #cpuBefore: CpuTimes | null = null;

  /** The samples that have become whole with this chunk. */
  take(chunk: string, atMs: number): TelemetrySample[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    return lines.flatMap((line) => this.#takeLine(line.slice(0, MAX_LINE_LENGTH).trim(), atMs) ?? []);
  }

  #takeLine(line: string, atMs: number): TelemetrySample | null {
    if (line.startsWith(`${SOURCE_WORD} `)) {
      this.source = line.endsWith(' tegrastats') ? 'tegrastats' : 'proc';
      return null;
    }
    if (this.source === 'tegrastats') {
      const parsed = parseTegrastats(line);
      return parsed ? fromTegrastats(parsed, atMs) : null;
    }
    if (line === SAMPLE_WORD) this.#lines = [];
    else if (line === END_WORD && this.#lines) return this.#endSample(this.#lines, atMs);
    else if (this.#lines && this.#lines.length < MAX_LINES) this.#lines.push(line);
    return null;
  }

  #endSample(lines: readonly string[], atMs: number): TelemetrySample {
    this.#lines = null;
    const cpu = lines.flatMap((line) => parseCpuTimes(line) ?? [])[0] ?? null;
    const cpuPercent = percentBetween(this.#cpuBefore, cpu);
    this.#cpuBefore = cpu;
    const gpus = lines.flatMap((line) => parseGpu(line) ?? []);
    return {
      atMs,
      cpuPercent,
      gpuPercent: highest(gpus.map(({ percent }) => percent)),
      ...parseMemory(lines),
      rails: gpus.flatMap(({ watts }, index) =>
        watts === null ? [] : [{ name: cardName(index, gpus.length), milliwatts: Math.round(watts * 1000) }],
      ),
      temperatures: [
        ...gpus.flatMap(({ celsius }, index) => (celsius === null ? [] : [{ name: cardName(index, gpus.length), celsius }])),
        ...lines.flatMap(parseTemperature),
      ].slice(0, MAX_SENSORS),
    };
  }
}

function fromTegrastats(reported: TegrastatsSample, atMs: number): TelemetrySample {
  const cores = reported.cpus.flatMap((core) => core ?? []);
  const loads = cores.reduce((sum, { loadPercent }) => sum + loadPercent, 0);
  return {
    atMs,
    cpuPercent: cores.length === 0 ? null : loads / cores.length,
    gpuPercent: reported.gpuLoadPercent,
    memoryUsedBytes: reported.memoryUsedBytes,
    memoryTotalBytes: reported.memoryTotalBytes,
    rails: reported.rails.map(({ name, milliwatts }) => ({ name, milliwatts })),
    temperatures: reported.temperatures,
  };
}

/** `cpu  user nice system idle iowait irq softirq steal guest guest_nice`; the last two are within the first two. */
function parseCpuTimes(line: string): CpuTimes | null {
  const [, numbers] = /^cpu +((?:\d{1,18} ?){4,12})$/.exec(line) ?? [];
  if (numbers === undefined) return null;
  const times = numbers.trim().split(' ').slice(0, 8).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  return { total, busy: total - (times[3] ?? 0) - (times[4] ?? 0) };
}

function percentBetween(before: CpuTimes | null, now: CpuTimes | null): number | null {
  if (!before || !now || now.total <= before.total) return null;
  return Math.min(100, Math.max(0, ((now.busy - before.busy) / (now.total - before.total)) * 100));
}

function parseMemory(lines: readonly string[]): Pick<TelemetrySample, 'memoryUsedBytes' | 'memoryTotalBytes'> {
  const bytes = (name: string): number | null => {
    const count = lines.map((line) => new RegExp(`^${name}: +(\\d{1,15}) kB$`).exec(line)?.[1]).find((found) => found !== undefined);
    return count === undefined ? null : Number(count) * 1024;
  };
  const total = bytes('MemTotal');
  const available = bytes('MemAvailable') ?? bytes('MemFree');
  return { memoryTotalBytes: total, memoryUsedBytes: total === null || available === null ? null : Math.max(0, total - available) };
}

/** `temp 47625 gpu-thermal`, in thousandths of a degree; -256 degrees is a sensor that is switched off. */
function parseTemperature(line: string): TelemetrySample['temperatures'] {
  const [, thousandths, name] = /^temp (-?\d{1,7}) ([\w.-]{1,40})$/.exec(line) ?? [];
  if (thousandths === undefined || name === undefined) return [];
  const celsius = Math.round(Number(thousandths) / 100) / 10;
  return celsius < -100 || celsius > 300 ? [] : [{ name: name.replace(/[-_]thermal$/i, ''), celsius }];
}

/** `gpu 12, 61.25, 45` of nvidia-smi; `[N/A]` where the card does not report. */
function parseGpu(line: string): { percent: number | null; watts: number | null; celsius: number | null } | null {
  const [, percent, watts, celsius] = /^gpu ([^,]{1,20}), ([^,]{1,20}), ([^,]{1,20})$/.exec(line) ?? [];
  if (percent === undefined || watts === undefined || celsius === undefined) return null;
  return { percent: amount(percent, 100), watts: amount(watts, 10_000), celsius: amount(celsius, 300) };
}

function amount(text: string, max: number): number | null {
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : NaN;
  return value <= max ? value : null;
}

function highest(values: readonly (number | null)[]): number | null {
  const reported = values.flatMap((value) => value ?? []);
  return reported.length === 0 ? null : Math.max(...reported);
}

function cardName(index: number, count: number): string {
  return count === 1 ? 'GPU' : `GPU ${index + 1}`;
}
