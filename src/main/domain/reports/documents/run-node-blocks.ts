// What the report of a run says of its nodes, and of the tasks that failed.
import { computeNodeDelays } from '../../../../scheduling/metrics/run-metrics.js';
import { formatQuantity } from '../../../../shared/format.js';
import { numberCell, textCell, type ReportBlock, type ReportCell } from '../../../../shared/report-document.js';
import type { TaskDelays, TaskRecord } from '../../../../shared/run.js';
import type { RunReportData } from './report-data.js';

const MAX_FAILURES_SHOWN = 100;

/** Milliseconds of model time as seconds. */
export const secondsCell = (ms: number | null | undefined): ReportCell => numberCell(ms == null ? null : ms / 1000, 3);

const DELAY_PARTS: readonly [title: string, part: keyof TaskDelays][] = [
  ['Upload', 'uploadMs'],
  ['Waiting', 'waitingMs'],
  ['Compute', 'computeMs'],
  ['Download', 'downloadMs'],
  ['Re-sent', 'resendMs'],
  ['Control', 'controlMs'],
  ['Service', 'serviceMs'],
];

export function nodeBlocks({ nodes, timelines, tasks }: RunReportData): ReportBlock[] {
  const byNode = new Map(timelines.map((timeline) => [timeline.nodeId, timeline]));
  const right = (title: string, unit?: string) => ({ title, align: 'right' as const, ...(unit === undefined ? {} : { unit }) });
  return [
    { kind: 'heading', text: 'Nodes' },
    {
      kind: 'table',
      caption: 'Nodes as they were at the start, and what each did.',
      columns: [
        { title: 'Node', align: 'left' },
        ...[right('Speed'), right('Fixed', 's'), right('Per step', 's'), right('Link', 'Mbit/s')],
        { title: 'Agent', align: 'left' },
        ...[right('Executed'), right('Busy', 's'), right('Utilization', '%')],
      ],
      rows: nodes.map((node) => {
        const timeline = byNode.get(node.id);
        return [
          textCell(node.name),
          ...[node.speedFactor, node.fixedSec, node.secPerStep, node.linkMbps].map((value) => ({ value, text: String(value) })),
          textCell(node.agentVersion),
          numberCell(timeline?.executed ?? 0, 0),
          numberCell((timeline?.busyMs ?? 0) / 1000, 1),
          numberCell((timeline?.utilization ?? 0) * 100, 1),
        ];
      }),
    },
    {
      kind: 'table',
      caption: 'Mean delay of the tasks that each node executed, part by part, in seconds of model time.',
      columns: [{ title: 'Node', align: 'left' }, ...DELAY_PARTS.map(([title]) => right(title, 's'))],
      rows: computeNodeDelays(nodes, tasks).map(({ nodeName, mean }) => [
        textCell(nodeName),
        ...DELAY_PARTS.map(([, part]) => secondsCell(mean?.[part])),
      ]),
    },
  ];
}

export function failureBlocks(tasks: readonly TaskRecord[]): ReportBlock[] {
  const failed = tasks.filter((task) => task.state === 'failed');
  if (failed.length === 0) return [];
  const shown = failed.slice(0, MAX_FAILURES_SHOWN);
  return [
    { kind: 'heading', text: 'Failures' },
    {
      kind: 'table',
      caption: `${shown.length} of ${formatQuantity(failed.length, 'failed task')}.`,
      columns: [
        { title: 'Task', align: 'right' },
        { title: 'Prompt', align: 'left' },
        { title: 'Attempts', align: 'right' },
        { title: 'Problem', align: 'left' },
      ],
      rows: shown.map((task) => [
        numberCell(task.ordinal + 1, 0),
        textCell(task.prompt),
        numberCell(task.attempts, 0),
        textCell(task.errorMessage),
      ]),
    },
  ];
}
