// System, memory and disk.
import type { NodeFacts } from '../../../../shared/testbed.js';
import type { FactSection, SectionLines } from './fact-section.js';
import { firstText, kibibytes, parseCount } from './parse-values.js';

export const SYSTEM_SECTIONS: readonly FactSection[] = [
  { name: 'hostname', command: 'uname -n' },
  { name: 'os', command: 'sed -n "s/^PRETTY_NAME=//p" /etc/os-release' },
  { name: 'kernel', command: 'uname -sr' },
  { name: 'architecture', command: 'uname -m' },
  { name: 'product', command: 'cat /sys/devices/virtual/dmi/id/product_name' },
  { name: 'cpus', command: 'getconf _NPROCESSORS_ONLN || nproc' },
  { name: 'memory', command: 'cat /proc/meminfo', maxLines: 80 },
  { name: 'disk', command: 'df -Pk "$HOME"' },
  { name: 'node', command: '"$(find_node)" --version' },
];

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
>;

export function parseSystem(sections: SectionLines): SystemFacts {
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const kernel = firstText(lines('kernel'));
  return {
    hostname: firstText(lines('hostname')),
    operatingSystem: firstText(lines('os'))?.replaceAll('"', '') || kernel,
    kernel,
    architecture: firstText(lines('architecture')),
    cpuCount: parseCount(lines('cpus')[0]) || null,
    ...parseMemory(lines('memory')),
    ...parseDisk(lines('disk')),
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
    if (name !== undefined && !values.has(name)) values.set(name, Number(count));
  }
  const bytes = (name: string): number | null => kibibytes(values.get(name) ?? null);
  return {
    memoryTotalBytes: bytes('MemTotal'),
    memoryAvailableBytes: bytes('MemAvailable'),
    swapTotalBytes: bytes('SwapTotal'),
    swapFreeBytes: bytes('SwapFree'),
  };
}

/** The line of `df -Pk` below its head: device, size, used, available (KiB), percent, place. A device's name may hold spaces. */
function parseDisk(lines: readonly string[]): Pick<SystemFacts, 'diskFreeBytes' | 'diskTotalBytes'> {
  const [, total, available] = / (\d{1,15}) +\d{1,15} +(\d{1,15}) +(?:\d{1,3}%|-) +\//.exec(lines[1] ?? '') ?? [];
  return { diskTotalBytes: kibibytes(parseCount(total)), diskFreeBytes: kibibytes(parseCount(available)) };
}
