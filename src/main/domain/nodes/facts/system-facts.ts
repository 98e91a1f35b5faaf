// System, memory and disk.
import type { NodeFacts } from '../../../../shared/testbed.js';
import type { FactSection, SectionLines } from './fact-section.js';
import { ASK_CLOCK_RIGHT } from './clock-right.js';
import { firstText, kibibytes, parseCount } from './parse-values.js';

export const SYSTEM_SECTIONS: readonly FactSection[] = [
  { name: 'hostname', command: 'uname -n' },
  { name: 'os', command: 'sed -n "s/^PRETTY_NAME=//p" /etc/os-release' },
  { name: 'kernel', command: 'uname -sr' },
  { name: 'architecture', command: 'uname -m' },
  { name: 'product', command: 'cat /sys/devices/virtual/dmi/id/product_name' },
  { name: 'cpus', command: 'getconf _NPROCESSORS_ONLN || nproc' },
  { name: 'memory', command: 'cat /proc/meminfo', maxLines: 80 },
  { name: 'disk', command: 'df -Pk "$HOME"', tool: 'df' },
  { name: 'node', command: '"$(find_node)" --version', tool: 'node' },
  { name: 'groups', command: 'id -Gn', tool: 'id' },
  { name: 'clock_right', command: ASK_CLOCK_RIGHT },
];

const MAX_CPUS = 4_096;
const MAX_GROUPS = 64;
/** An exbibyte: no disk or memory of one machine has more. */
const MAX_KIBIBYTES = 2 ** 50;

type SystemFacts = Pick<
  NodeFacts,
  | 'hostname'
  | 'operatingSystem'
  | 'kernel'
  | 'architecture'
  | 'cpuCount'
  | 'memoryTotalBytes'
  | 'memoryAvailableBytes'
  | 'swapTotalBytes'
  | 'swapFreeBytes'
  | 'diskFreeBytes'
  | 'diskTotalBytes'
  | 'nodeVersion'
  | 'groups'
  | 'isClockKept'
>;

export function parseSystem(sections: SectionLines): SystemFacts {
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const kernel = firstText(lines('kernel'));
  return {
    hostname: firstText(lines('hostname')),
    operatingSystem: firstText(lines('os'))?.replaceAll('"', '') || kernel,
    kernel,
    architecture: firstText(lines('architecture')),
    cpuCount: parseCount(lines('cpus')[0], MAX_CPUS) || null,
    ...parseMemory(lines('memory')),
    ...parseDisk(lines('disk')),
    groups: parseGroups(lines('groups')[0]),
    isClockKept: sections.has('clock_right') ? lines('clock_right')[0] === 'yes' : null,
    nodeVersion: /^v\d{1,4}\.\d{1,4}\.\d{1,4}/.test(lines('node')[0] ?? '') ? firstText(lines('node')) : null,
  };
}

/** `MemTotal: 64324608 kB` and its kind. MemAvailable is what a model may take: CUDA's own figure leaves reclaimable memory out on Tegra. */
function parseMemory(
  lines: readonly string[],
): Pick<SystemFacts, 'memoryTotalBytes' | 'memoryAvailableBytes' | 'swapTotalBytes' | 'swapFreeBytes'> {
  const values = new Map<string, number>();
  for (const line of lines) {
    const [, name, count] = /^([A-Za-z]{1,20}): *(\d{1,15}) kB$/.exec(line) ?? [];
    const value = parseCount(count, MAX_KIBIBYTES);
    if (name !== undefined && value !== null && !values.has(name)) values.set(name, value);
  }
  const bytes = (name: string): number | null => kibibytes(values.get(name) ?? null);
  const [memoryTotalBytes, swapTotalBytes] = [bytes('MemTotal'), bytes('SwapTotal')];
  return {
    memoryTotalBytes,
    memoryAvailableBytes: partOf(memoryTotalBytes, bytes('MemAvailable')),
    swapTotalBytes,
    swapFreeBytes: partOf(swapTotalBytes, bytes('SwapFree')),
  };
}

/** The line of `df -Pk` below its head: device, size, used, available (KiB), percent, place. A device's name may hold spaces. */
function parseDisk(lines: readonly string[]): Pick<SystemFacts, 'diskFreeBytes' | 'diskTotalBytes'> {
  const [, total, available] = / (\d{1,15}) +\d{1,15} +(\d{1,15}) +(?:\d{1,3}%|-) +\//.exec(lines[1] ?? '') ?? [];
  const diskTotalBytes = kibibytes(parseCount(total, MAX_KIBIBYTES));
  return { diskTotalBytes, diskFreeBytes: partOf(diskTotalBytes, kibibytes(parseCount(available, MAX_KIBIBYTES))) };
}

/** Null for a part that is larger than its whole: one of both is wrong. */
function partOf(whole: number | null, part: number | null): number | null {
  return whole !== null && part !== null && part > whole ? null : part;
}

function parseGroups(line: string | undefined): string[] {
  return (line ?? '')
    .split(' ')
    .filter((name) => /^[A-Za-z_][\w.-]{0,31}$/.test(name))
    .slice(0, MAX_GROUPS);
}
