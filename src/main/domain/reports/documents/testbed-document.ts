// A testbed as parts of a report: its nodes and links as they stand, and what is known of each machine.
import { formatBytes, formatNumber, formatQuantity } from '../../../../shared/format.js';
import { listFacts } from '../../../../shared/list-facts.js';
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import { numberCell, textCell, type ReportBlock, type ReportColumn, type ReportMark } from '../../../../shared/report-document.js';
import { timingOf, type Testbed, type TestbedNode } from '../../../../shared/testbed.js';
import type { ReportSection } from './report-section.js';

export type TestbedPart = keyof (typeof REPORT_PARTS)['testbed'];

export function buildTestbedPart(testbed: Testbed, part: TestbedPart): ReportSection {
  const simulated = { mark: 'simulated' as const, text: `Testbed “${testbed.name}” is virtual: its nodes wait the time of a model.` };
  const newest = testbed.nodes.reduce((most, { facts }) => Math.max(most, facts?.readAtMs ?? 0), testbed.createdAtMs);
  return {
    caveats: testbed.kind === 'virtual' ? [simulated] : [],
    blocks: part === 'topology' ? topologyBlocks(testbed) : factBlocks(testbed),
    asOfMs: newest,
  };
}

const left = (title: string): ReportColumn => ({ title, align: 'left' });
const right = (title: string, unit?: string): ReportColumn => ({ title, align: 'right', ...(unit === undefined ? {} : { unit }) });
const marksOf = ({ kind }: TestbedNode): ReportMark[] => (kind === 'virtual' ? ['simulated'] : []);

function describeTiming({ virtual, calibration }: TestbedNode): string {
  if (virtual) return 'setting';
  return calibration ? 'measured' : 'the paper’s device, not measured';
}

function topologyBlocks({ nodes, kind, timeScale }: Testbed): ReportBlock[] {
  const links = nodes.length * (nodes.length - 1);
  const scale = timeScale === 1 ? '' : ` Times pass ${timeScale} times as fast as real time.`;
  return [
    {
      kind: 'text',
      text:
        `${formatQuantity(nodes.length, 'node')}, each a base station and an edge server; every one reaches every other ` +
        `(${formatQuantity(links, 'directed link')}).${kind === 'virtual' ? scale : ''}`,
    },
    {
      kind: 'table',
      caption: 'Nodes as they are now.',
      columns: [
        left('Node'),
        left('Device'),
        left('Agent'),
        right('Speed'),
        right('Fixed', 's'),
        right('Per step', 's'),
        left('Times'),
        right('Link', 'Mbit/s'),
        right('Memory'),
      ],
      rows: nodes.map((node) => {
        const { timeModel, speedFactor } = timingOf(node);
        return [
          textCell(node.name, marksOf(node)),
          textCell(node.facts?.deviceModel ?? node.facts?.operatingSystem ?? null),
          textCell(node.agentVersion),
          numberCell(speedFactor, 2),
          numberCell(timeModel.fixedSec, 2),
          numberCell(timeModel.secPerStep, 3),
          textCell(describeTiming(node)),
          node.virtual ? numberCell(node.virtual.linkMbps, 0) : textCell(null),
          { value: node.facts?.memoryTotalBytes ?? null, text: formatBytes(node.facts?.memoryTotalBytes) },
        ];
      }),
    },
  ];
}

/** A row a fact that any node reports; a column a node. */
function factBlocks({ nodes }: Testbed): ReportBlock[] {
  const known = nodes.flatMap((node) =>
    node.facts ? [{ node, facts: new Map(listFacts(node.facts).map((fact) => [fact.name, fact])) }] : [],
  );
  if (known.length === 0) return [{ kind: 'text', text: 'No facts of its nodes were read yet.' }];
  const names = [
    ...new Set(
      known.flatMap(({ facts }) => [...facts.values()].filter((fact) => fact.isLasting && fact.text !== null).map(({ name }) => name)),
    ),
  ];
  const groups = Array.from({ length: Math.ceil(known.length / NODES_A_TABLE) }, (_, index) =>
    known.slice(index * NODES_A_TABLE, (index + 1) * NODES_A_TABLE),
  );
  return groups.map((group) => ({
    kind: 'table',
    caption: `Facts that nodes report, as read last${group.length < known.length ? ` (${formatNumber(known.length, 0)} nodes, ${NODES_A_TABLE} a table)` : ''}.`,
    columns: [left('Fact'), ...group.map(({ node }) => left(node.name))],
    rows: names.map((name) => [textCell(name), ...group.map(({ facts }) => textCell(facts.get(name)?.text ?? null))]),
  }));
}

/** More columns can not be read on a page. */
const NODES_A_TABLE = 5;
