// What of a node's facts deserves a word. Warnings, never a stop: a node may work all the same.
import { labelJetpack } from './jetpack.js';
import type { NodeFacts } from './testbed.js';

/** Clocks farther apart than this make times in the logs of two nodes hard to compare. Measured delays do not depend on it. */
const LARGE_OFFSET_MS = 1_000;
/** The release whose security fix made large allocations of GPU memory fail. */
const L4T_WITH_ALLOCATION_BUG = '36.4.7';

/** Sentences for the user, each with its remedy where there is one. */
export function warnAboutFacts(facts: NodeFacts): string[] {
  return [warnOfRelease(facts), warnOfTorch(facts), warnOfMemory(facts), warnOfClock(facts)].filter((warning) => warning !== null);
}

function warnOfRelease({ l4tVersion }: NodeFacts): string | null {
  const label = labelJetpack(l4tVersion);
  if (!label?.treatedAs) return null;
  return `Jetson Linux ${l4tVersion} is not in this program's table; it is treated as ${label.treatedAs} (JetPack ${label.label}).`;
}

function warnOfTorch({ torchCuda, torchProblem, torchVersion, soc, gpuName }: NodeFacts): string | null {
  if (torchCuda === null || torchCuda === 'works') return null;
  if (torchCuda === 'fails') return `torch ${torchVersion} can't use CUDA: ${torchProblem ?? 'the reason is not known.'}`;
  const hasGpu = soc?.startsWith('tegra') || gpuName !== null;
  return hasGpu ? `torch ${torchVersion} is a build without CUDA. Install the build made for this device.` : null;
}

function warnOfMemory({ l4tVersion }: NodeFacts): string | null {
  if (l4tVersion !== L4T_WITH_ALLOCATION_BUG) return null;
  return `On Jetson Linux ${l4tVersion} large allocations of GPU memory may fail (NvMapMemAlloc, error 12). Restart the device before a long run, or update it.`;
}

function warnOfClock({ clockOffsetMs, clockErrorMs }: NodeFacts): string | null {
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) - (clockErrorMs ?? 0) < LARGE_OFFSET_MS) return null;
  const direction = clockOffsetMs > 0 ? 'ahead of' : 'behind';
  return `Its clock is ${(Math.abs(clockOffsetMs) / 1000).toFixed(1)} s ${direction} this machine's. Set it, or certificates may count as not valid yet.`;
}
