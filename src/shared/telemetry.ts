// What a node's hardware does right now, as the node itself reports it.
import type { AppErrorShape } from './errors.js';

/** A sample every so many real milliseconds, and kept for so long. */
export const TELEMETRY_INTERVAL_MS = 2_000;
export const TELEMETRY_WINDOW_MS = 240_000;

/** Every value is null, and every list empty, where the device does not report. */
export interface TelemetrySample {
  /** When this machine received it, epoch ms. */
  atMs: number;
  /** All cores that are on, since the sample before; null in a first sample of /proc. */
  cpuPercent: number | null;
  gpuPercent: number | null;
  /** Total less available: what can be reclaimed is not counted as used, where the device reports it apart. */
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  /** Each power rail, or the whole card where that is what is reported. No sum of rails is the wall power. */
  rails: { name: string; milliwatts: number }[];
  temperatures: { name: string; celsius: number }[];
}

export interface NodeTelemetry {
  nodeId: string;
  state: 'connecting' | 'live' | 'failed';
  /** `tegrastats` on a Jetson; `proc`: /proc and, where there is one, nvidia-smi. Null before the node has reported. */
  source: 'tegrastats' | 'proc' | null;
  /** True for a virtual node: it has no hardware of its own, and what is reported is the machine's that it runs on. */
  isOfHost: boolean;
  /** Why there is nothing new; it is tried again by itself. */
  problem: AppErrorShape | null;
  /** Oldest first, at most the window. */
  samples: TelemetrySample[];
}

/** The newest sample of a node that is being sampled for someone. */
export interface NodeHardware {
  nodeId: string;
  /** When this machine received it, epoch ms. */
  atMs: number;
  /** What it draws as the node measures it, not at the wall; null where it does not report. */
  watts: number | null;
  /** Of the hottest sensor. */
  celsius: number | null;
  gpuPercent: number | null;
  memoryUsedBytes: number | null;
  /** True for a virtual node: the figures are of the machine that it runs on. */
  isOfHost: boolean;
}

/** A sample that is older says nothing of now, real ms. */
export const HARDWARE_AGE_LIMIT_MS = 10_000;

/** The hottest sensor; null where none is reported. */
export function hottestOf({ temperatures }: TelemetrySample): { name: string; celsius: number } | null {
  return temperatures.reduce<{ name: string; celsius: number } | null>(
    (hottest, sensor) => (hottest === null || sensor.celsius > hottest.celsius ? sensor : hottest),
    null,
  );
}
