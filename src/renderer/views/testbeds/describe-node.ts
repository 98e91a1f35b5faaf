import { formatDateTime } from '../../format.js';
import { formatFactor, formatPercent } from '../../../shared/format.js';
import { listFacts } from '../../../shared/list-facts.js';
import { listWorkerFacts } from '../../../shared/node-worker.js';
import { computeSec, type TestbedNode } from '../../../shared/testbed.js';
import { describeLogin } from './describe-login.js';

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
        ...describeLogin(node),
        ['Agent port', node.agentPort === null ? 'not set' : String(node.agentPort)],
        ['Agent version', node.agentVersion ?? 'none'],
      ],
    },
    { title: 'Facts', entries: listKnownFacts(node) },
  ];
  if (node.worker) groups.push({ title: 'Image worker', entries: listWorkerFacts(node.worker) });
  const settings = node.virtual;
  if (settings) {
    groups.push({
      title: 'Virtual node',
      entries: [
        ['Speed factor', String(settings.speedFactor)],
        ['Image, 14.5 steps', `${computeSec(settings.timeModel, 14.5, settings.speedFactor).toFixed(1)} s`],
        ['Link', `${settings.linkMbps} Mbit/s`],
        ['Jitter', formatPercent(settings.jitterFraction, 0)],
        ['Time scale', formatFactor(timeScale)],
      ],
    });
  }
  return groups;
}

function listKnownFacts({ facts }: TestbedNode): FactGroup['entries'] {
  if (!facts) return [];
  const known = listFacts(facts).flatMap(({ name, text }) => (text === null ? [] : [[name, text] as [string, string]]));
  return [...known, ['Read', formatDateTime(facts.readAtMs)]];
}
