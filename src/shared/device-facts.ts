// What a node's hardware and software are, beyond the system itself: read over SSH without root. Kept as JSON, so that a fact more needs
// no migration; what an older program did not write is null.
import { z } from 'zod';

const MAX_TEXT_LENGTH = 200;
const MAX_SENSORS = 40;
const MAX_GROUPS = 64;

const text = z.string().max(MAX_TEXT_LENGTH).nullable().catch(null);
const amount = z.number().min(0).nullable().catch(null);

export const deviceFactsSchema = z.object({
  /** JetPack by the table in jetpack.ts: a label, never a gate. */
  jetpack: text,
  /** Part number and, where known, name: `p3701-0005 (AGX Orin 64 GB)`. */
  module: text,
  /** `tegra234`. */
  soc: text,
  /** As torch or the driver names it. */
  gpuName: text,
  /** CUDA toolkit of the host, `12.6.68`. */
  cudaVersion: text,
  pythonVersion: text,
  torchVersion: text,
  /** Proved by running a kernel: `cuda.is_available()` says yes also where the first kernel fails. Null without torch, or not tried. */
  torchCuda: z.enum(['works', 'cpu-only', 'fails']).nullable().catch(null),
  /** Why CUDA does not work, as the node tells it. */
  torchProblem: text,
  swapTotalBytes: amount,
  swapFreeBytes: amount,
  diskTotalBytes: amount,
  /** Name of the mode of nvpmodel: `MAXN`, `MODE_30W`. It caps clocks; it is no power meter. */
  powerMode: text,
  powerModeId: amount,
  cpuGovernor: text,
  /** Fastest core now, and the highest that the power mode allows. */
  cpuMhz: amount,
  cpuMaxMhz: amount,
  gpuMhz: amount,
  gpuMinMhz: amount,
  gpuMaxMhz: amount,
  /** Sensors that are switched on, in degrees Celsius. */
  temperatures: z
    .array(z.object({ name: z.string().max(MAX_TEXT_LENGTH), celsius: z.number() }))
    .max(MAX_SENSORS)
    .catch([]),
  /** Load of the GPU and power of each rail as tegrastats told them, a sample of half a second. No sum of rails is the wall power. */
  gpuLoadPercent: amount,
  powerRails: z
    .array(z.object({ name: z.string().max(MAX_TEXT_LENGTH), milliwatts: z.number() }))
    .max(MAX_SENSORS)
    .catch([]),
  /** Programs of the node that were asked and failed, with their exit status: what they would tell is null. */
  unreadTools: z
    .array(z.object({ tool: z.string().max(MAX_TEXT_LENGTH), status: z.number() }))
    .max(MAX_SENSORS)
    .catch([]),
  /** Groups of the account, in the order of its record; empty where it does not report. */
  groups: z.array(z.string().max(MAX_TEXT_LENGTH)).max(MAX_GROUPS).catch([]),
  /** Rate of the network link that leads to this machine, Mbit/s, as its driver tells it. */
  linkMbps: amount,
  linkName: text,
  /** Whether the account may set the clock without a password, so that this program keeps it right. */
  isClockKept: z.boolean().nullable().catch(null),
  /** The node's clock less this machine's, in ms; the truth lies within `clockErrorMs` of it. */
  clockOffsetMs: z.number().nullable().catch(null),
  clockErrorMs: amount,
});
export type DeviceFacts = z.infer<typeof deviceFactsSchema>;

/** Facts of a device that tells nothing. */
export const NO_DEVICE_FACTS: DeviceFacts = deviceFactsSchema.parse({});
