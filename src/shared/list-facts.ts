// Facts as names and words, in one order for the window and the terminal, and what differs between two readings.
import { isClockFarOff, describeNodeClock } from './node-clock.js';
import type { NodeFacts } from './testbed.js';

export interface ListedFact {
  name: string;
  /** Null where the node does not report. */
  text: string | null;
  /** False for what varies by the minute without anyone having changed the node. */
  isLasting: boolean;
}

export interface FactChange {
  name: string;
  before: string | null;
  after: string | null;
  isLasting: boolean;
}

const TORCH_CUDA_WORDS: Record<NonNullable<NodeFacts['torchCuda']>, string> = {
  works: 'works (proved by a kernel)',
  'cpu-only': 'not in this build of torch',
  fails: 'fails',
};

/** Every fact, known or not. */
export function listFacts(facts: NodeFacts): ListedFact[] {
  const lasting = (name: string, text: string | null): ListedFact => ({ name, text, isLasting: true });
  const varying = (name: string, text: string | null): ListedFact => ({ name, text, isLasting: false });
  return [
    lasting('Device', facts.deviceModel),
    lasting('Module', facts.module),
    lasting('SoC', facts.soc),
    lasting('GPU', facts.gpuName),
    lasting('Host name', facts.hostname),
    lasting('System', facts.operatingSystem),
    lasting('Kernel', facts.kernel),
    lasting('Architecture', facts.architecture),
    lasting('Jetson Linux', facts.l4tVersion),
    lasting('JetPack', facts.jetpack),
    lasting('CUDA', facts.cudaVersion),
    lasting('Python', facts.pythonVersion),
    lasting('torch', facts.torchVersion),
    lasting('torch CUDA', describeTorchCuda(facts)),
    lasting('Node.js', facts.nodeVersion),
    lasting('CPU cores', facts.cpuCount === null ? null : String(facts.cpuCount)),
    lasting(
      'Groups',
      joined(facts.groups, (name) => name),
    ),
    lasting('Power mode', describePowerMode(facts)),
    lasting('CPU governor', facts.cpuGovernor),
    lasting('CPU clock limit', withUnit(facts.cpuMaxMhz, 'MHz')),
    lasting('GPU clock limit', withUnit(facts.gpuMaxMhz, 'MHz')),
    lasting('GPU clock floor', withUnit(facts.gpuMinMhz, 'MHz')),
    lasting('Memory', gigabytes(facts.memoryTotalBytes)),
    varying('Memory free', gigabytes(facts.memoryAvailableBytes)),
    lasting('Swap', gigabytes(facts.swapTotalBytes)),
    varying('Swap free', gigabytes(facts.swapFreeBytes)),
    lasting('Disk', gigabytes(facts.diskTotalBytes)),
    varying('Disk free', gigabytes(facts.diskFreeBytes)),
    lasting('Link', describeLink(facts)),
    lasting('Clock kept right', facts.isClockKept ? 'by this program' : null),
    varying('CPU clock', withUnit(facts.cpuMhz, 'MHz')),
    varying('GPU clock', withUnit(facts.gpuMhz, 'MHz')),
    varying('GPU load', withUnit(facts.gpuLoadPercent, '%')),
    varying(
      'Temperatures',
      joined(facts.temperatures, ({ name, celsius }) => `${name} ${celsius.toFixed(1)} °C`),
    ),
    varying(
      'Power rails',
      joined(facts.powerRails, ({ name, milliwatts }) => `${name} ${(milliwatts / 1000).toFixed(1)} W`),
    ),
    varying('Clock offset', describeClock(facts)),
    varying(
      'Not reported',
      joined(facts.unreadTools, ({ tool, status }) => `${tool} (status ${status})`),
    ),
  ];
}

/** What differs between two readings, lasting changes first. A fact that only one of them knows counts. */
export function diffFacts(before: NodeFacts, after: NodeFacts): FactChange[] {
  const former = listFacts(before);
  const changes = listFacts(after).flatMap(({ name, text, isLasting }, index) => {
    const was = former[index]?.text ?? null;
    return was === text ? [] : [{ name, before: was, after: text, isLasting }];
  });
  return [...changes.filter(({ isLasting }) => isLasting), ...changes.filter(({ isLasting }) => !isLasting)];
}

/** Whether two readings describe the same node, apart from what varies by the minute. */
export function areSameFacts(before: NodeFacts | null, after: NodeFacts): boolean {
  return before !== null && !diffFacts(before, after).some(({ isLasting }) => isLasting);
}

function describeTorchCuda({ torchCuda, torchProblem }: NodeFacts): string | null {
  return torchCuda === null ? null : `${TORCH_CUDA_WORDS[torchCuda]}${torchProblem === null ? '' : `: ${torchProblem}`}`;
}

function describePowerMode({ powerMode, powerModeId }: NodeFacts): string | null {
  return powerMode === null || powerModeId === null ? powerMode : `${powerMode} (${powerModeId})`;
}

function describeLink({ linkName, linkMbps }: NodeFacts): string | null {
  return linkName === null ? null : linkMbps === null ? `${linkName}, rate not reported` : `${linkName}, ${linkMbps} Mbit/s`;
}

function describeClock(facts: NodeFacts): string | null {
  const { clockOffsetMs, clockErrorMs } = facts;
  if (clockOffsetMs === null || clockErrorMs === null) return null;
  if (isClockFarOff(facts)) return describeNodeClock(facts);
  return `${clockOffsetMs > 0 ? '+' : ''}${clockOffsetMs} ms ± ${clockErrorMs} ms`;
}

function withUnit(value: number | null, unit: string): string | null {
  return value === null ? null : `${value} ${unit}`;
}

/** Decimal, as disks and models are given. */
function gigabytes(bytes: number | null): string | null {
  return bytes === null ? null : `${(bytes / 1e9).toFixed(1)} GB`;
}

function joined<T>(items: readonly T[], describe: (item: T) => string): string | null {
  return items.length === 0 ? null : items.map(describe).join(', ');
}
