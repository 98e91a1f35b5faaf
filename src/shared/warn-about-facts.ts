// What of a node's facts deserves a word. Warnings, never a stop: a node may work all the same.
import { labelJetpack } from './jetpack.js';
import { describeNodeClock, isClockFarOff } from './node-clock.js';
import type { NodeFacts } from './testbed.js';

/** The release whose security fix made large allocations of GPU memory fail. */
const L4T_WITH_ALLOCATION_BUG = '36.4.7';
/** They own the devices of the GPU: `/dev/nvmap` and `/dev/dri/renderD*`. */
const GPU_GROUPS = ['video', 'render'];

/** Sentences for the user, each with its remedy where there is one. */
export function warnAboutFacts(facts: NodeFacts): string[] {
  const warnings = [
    warnOfTools(facts),
    warnOfDisk(facts),
    warnOfRelease(facts),
    warnOfTorch(facts),
    warnOfGroups(facts),
    warnOfPowerMode(facts),
    warnOfMemory(facts),
    warnOfClock(facts),
  ];
  return warnings.filter((warning) => warning !== null);
}

/** Those of them that make a run slower, or fail in the middle of it. */
export function warnBeforeRun(facts: NodeFacts): string[] {
  return [warnOfPowerMode(facts), warnOfMemory(facts), warnOfClock(facts)].filter((warning) => warning !== null);
}

function warnOfTools({ unreadTools }: NodeFacts): string | null {
  if (unreadTools.length === 0) return null;
  const tools = unreadTools.map(({ tool, status }) => `${tool} (${status === 124 ? 'it did not end in time' : `status ${status}`})`);
  return `What these tell is not known, since they failed on the node: ${tools.join(', ')}.`;
}

function warnOfDisk({ diskFreeBytes }: NodeFacts): string | null {
  if (diskFreeBytes !== null) return null;
  return 'How much of its disk is free is not known: whether everything has room shows only when it is written. Check df in an SSH session there.';
}

function warnOfRelease({ l4tVersion }: NodeFacts): string | null {
  const label = labelJetpack(l4tVersion);
  if (!label?.treatedAs) return null;
  return `Jetson Linux ${l4tVersion} is not in this program's table; it is treated as ${label.treatedAs} (JetPack ${label.label}).`;
}

function warnOfTorch({ torchCuda, torchProblem, torchVersion, soc, gpuName }: NodeFacts): string | null {
  if (torchCuda === null || torchCuda === 'works') return null;
  if (torchCuda === 'fails') return `torch ${torchVersion} can't use CUDA: ${torchProblem ?? 'the reason is not known.'}`;
  const hasGpu = isJetson({ soc }) || gpuName !== null;
  return hasGpu ? `torch ${torchVersion} is a build without CUDA. Install the build made for this device.` : null;
}

function warnOfGroups({ soc, groups }: NodeFacts): string | null {
  if (!isJetson({ soc }) || groups.length === 0 || groups.includes('root')) return null;
  const missing = GPU_GROUPS.filter((group) => !groups.includes(group));
  if (missing.length === 0) return null;
  return `The account is not in ${missing.length === 1 ? 'the group' : 'the groups'} ${missing.join(' and ')}, so that the GPU may not be open to it. Run there: sudo usermod -aG ${missing.join(',')} $USER, then restart the node.`;
}

/**
 * How much of its GPU the power mode leaves an AGX Orin, in words that stand before "what MAXN gives"; null where it is MAXN, not known, or another
 * module. An unboxed one is in the mode 30W: less than half the clock, and half the GPU off.
 */
export function shareOfMaxn({ module, powerMode }: Pick<NodeFacts, 'module' | 'powerMode'>): string | null {
  if (!module?.startsWith('p3701-') || powerMode === null || powerMode.startsWith('MAXN')) return null;
  return /30W/.test(powerMode) ? 'about a quarter of' : 'less than';
}

function warnOfPowerMode(facts: NodeFacts): string | null {
  const share = shareOfMaxn(facts);
  if (share === null) return null;
  return `It is in power mode ${facts.powerMode}, which gives the GPU ${share} what MAXN gives. For MAXN run there: echo YES | sudo nvpmodel -m 0 (it restarts the node).`;
}

function warnOfMemory({ l4tVersion }: NodeFacts): string | null {
  if (l4tVersion !== L4T_WITH_ALLOCATION_BUG) return null;
  return `On Jetson Linux ${l4tVersion} large allocations of GPU memory may fail (NvMapMemAlloc, error 12). Restart the device before a long run, or update it to 36.5 (JetPack 6.2.2).`;
}

function warnOfClock(facts: NodeFacts): string | null {
  if (!isClockFarOff(facts)) return null;
  return `Its clock is ${describeNodeClock(facts)}, compared with this machine's. Set it, or certificates may count as not valid: npm run cli -- provision TESTBED --set-clock.`;
}

function isJetson({ soc }: Pick<NodeFacts, 'soc'>): boolean {
  return soc?.startsWith('tegra') === true;
}
