import { formatBytes, formatDateTime, formatPercent } from '../../format.js';
import { computeSec, type TestbedNode } from '../../../shared/testbed.js';

export interface FactGroup {
  title: string;
  entries: [name: string, value: string][];
}

/** Everything recorded about a node, grouped, unknown facts left out. `timeScale`: model seconds per real second. */
export function describeNode(node: TestbedNode, timeScale: number): FactGroup[] {
  const groups: FactGroup[] = [
    {
      title: 'Access',
      entries: [
        ['Address', `${node.user}@${node.host}:${node.port}`],
        ['Key', node.keyFile ?? "the program's own"],
        ['Agent port', node.agentPort === null ? 'not set' : String(node.agentPort)],
        ['Agent version', node.agentVersion ?? 'none'],
      ],
    },
    { title: 'Facts', entries: listFacts(node) },
  ];
  const settings = node.virtual;
  if (settings) {
    groups.push({
      title: 'Virtual node',
      entries: [
        ['Speed factor', String(settings.speedFactor)],
        ['Image, 14.5 steps', `${computeSec(settings.timeModel, 14.5, settings.speedFactor).toFixed(1)} s`],
        ['Link', `${settings.linkMbps} Mbit/s`],
        ['Jitter', formatPercent(settings.jitterFraction, 0)],
        ['Time scale', `×${timeScale}`],
      ],
    });
  }
  return groups;
}

function listFacts({ facts }: TestbedNode): FactGroup['entries'] {
  if (!facts) return [];
  const known: [string, string | null][] = [
    ['Device', facts.deviceModel],
    ['Host name', facts.hostname],
    ['System', facts.operatingSystem],
    ['Kernel', facts.kernel],
    ['Architecture', facts.architecture],
    ['Jetson Linux', facts.l4tVersion],
    ['CPU cores', facts.cpuCount === null ? null : String(facts.cpuCount)],
    ['Memory', facts.memoryTotalBytes === null ? null : formatBytes(facts.memoryTotalBytes)],
    ['Memory free', facts.memoryAvailableBytes === null ? null : formatBytes(facts.memoryAvailableBytes)],
    ['Disk free', facts.diskFreeBytes === null ? null : formatBytes(facts.diskFreeBytes)],
    ['Node.js', facts.nodeVersion],
    ['Read', formatDateTime(facts.readAtMs)],
  ];
  return known.flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
}
