// The report of a run: what was measured, how it is spread, when nodes worked, what came out, what failed, and how to make it again.
import { computeNodeDelays } from '../../../../scheduling/metrics/run-metrics.js';
import { describeMissingEfficiency } from '../../../../shared/describe-efficiency.js';
import { formatInstant, formatNumber, formatPercent, formatQuantity, formatSeconds } from '../../../../shared/format.js';
import {
  numberCell,
  textCell,
  type ReportBlock,
  type ReportCell,
  type ReportDocument,
  type ReportImage,
  type ReportMark,
} from '../../../../shared/report-document.js';
import { describeImported } from '../../../../shared/record.js';
import { type DelaySummary, describeScheduler, type RunSummary, type TaskDelays, type TaskRecord } from '../../../../shared/run.js';
import { describeService } from '../../../../shared/service.js';
import { toCliCommand } from '../../../../shared/run-command-line.js';
import { nameNodes, type RunReportData } from './report-data.js';

const MAX_FAILURES_SHOWN = 100;
/** An image in a report is about 15 kB. */
export const MAX_IMAGES_SHOWN = 60;

export function buildRunDocument(data: RunReportData): ReportDocument {
  const { run } = data;
  return {
    title: run.spec.name,
    subtitle:
      `${formatQuantity(run.spec.taskCount, 'task')} (${describeService(run.spec)}) from “${run.datasetName}” on “${run.testbedName}”, ` +
      `${describeScheduler(run.spec.scheduler).title}; ended ${formatInstant(run.finishedAtMs)}.`,
    caveats: caveatsOf(run),
    facts: factsOf(run),
    blocks: [
      ...delayBlocks(data),
      ...timelineBlocks(data),
      ...imageBlocks(data),
      ...nodeBlocks(data),
      ...failureBlocks(data.tasks),
      ...reproduceBlocks(data),
    ],
    asOfMs: run.finishedAtMs ?? run.startedAtMs ?? run.createdAtMs,
  };
}

function caveatsOf(run: RunSummary): { mark: ReportMark; text: string }[] {
  const caveats: { mark: ReportMark; text: string }[] = [];
  if (run.isSimulated) caveats.push({ mark: 'simulated', text: 'Images and times of this run come from simulated nodes.' });
  if (run.imported) caveats.push({ mark: 'imported', text: `This run was not made here: it was ${describeImported(run.imported)}.` });
  if (!run.validity.isValid) {
    const [first = 'It is not valid.', ...others] = run.validity.reasons;
    for (const text of [first, ...others]) caveats.push({ mark: 'invalid', text });
  }
  for (const text of run.validity.limitations) caveats.push({ mark: 'limited', text });
  if (run.timeScale !== 1) caveats.push({ mark: 'model-time', text: `Times are model time: ${run.timeScale} times real time.` });
  return caveats;
}

function factsOf({ metrics, counts }: RunSummary): { label: string; value: string }[] {
  const { hostDelayMs, hostDelayShare, controlShare } = metrics.machine;
  return [
    { label: 'Total generation delay', value: formatSeconds(metrics.totalGenerationDelayMs) },
    { label: 'Lower bound', value: formatSeconds(metrics.lowerBoundMs) },
    { label: 'Efficiency', value: describeMissingEfficiency(metrics) ?? formatPercent(metrics.efficiency) },
    { label: 'Succeeded', value: `${counts.succeeded} of ${counts.total}` },
    { label: 'Failed', value: String(counts.failed) },
    { label: 'Canceled', value: String(counts.cancelled) },
    { label: 'Re-sent', value: String(counts.resent) },
    { label: 'Control, of the service delay', value: formatPercent(controlShare) },
    { label: 'Host delay, mean', value: hostDelayMs === null ? 'not recorded' : `${formatNumber(hostDelayMs, 1)} ms` },
    { label: 'Host delay scaled, of the service delay', value: formatPercent(hostDelayShare) },
  ];
}

const secondsCell = (ms: number | null | undefined): ReportCell => numberCell(ms == null ? null : ms / 1000, 3);

function delayBlocks({ run, tasks }: RunReportData): ReportBlock[] {
  const { metrics } = run;
  const summaryRow = (label: string, summary: DelaySummary | null): ReportCell[] => [
    textCell(label),
    ...[summary?.meanMs, summary?.medianMs, summary?.p95Ms, summary?.maxMs].map(secondsCell),
  ];
  const delays = tasks.flatMap(({ delays: each }) => (each ? [each] : []));
  const samplesOf = (name: keyof TaskDelays): number[] => delays.map((each) => each[name] / 1000);
  return [
    { kind: 'heading', text: 'Delays' },
    ...(metrics.lowerBoundRule === null ? [] : [{ kind: 'text' as const, text: metrics.lowerBoundRule }]),
    {
      kind: 'table',
      caption: 'Delays of a task in seconds of model time; p95 is the nearest rank.',
      columns: [
        { title: 'Delay', align: 'left' },
        ...['Mean', 'Median', 'p95', 'Maximum'].map((title) => ({ title, unit: 's', align: 'right' as const })),
      ],
      rows: [summaryRow('Service', metrics.service), summaryRow('Waiting', metrics.waiting), summaryRow('Control', metrics.control)],
    },
    ...(delays.length < 2
      ? []
      : [
          {
            kind: 'chart' as const,
            chart: {
              kind: 'ecdf' as const,
              title: 'Distribution of the delays of tasks',
              x: { title: 'Delay, model time', unit: 's' },
              series: [
                { name: 'Service', samples: samplesOf('serviceMs') },
                { name: 'Waiting', samples: samplesOf('waitingMs') },
                { name: 'Compute', samples: samplesOf('computeMs') },
              ],
            },
          },
        ]),
  ];
}

function timelineBlocks({ run, timelines }: RunReportData): ReportBlock[] {
  const totalMs = run.metrics.totalGenerationDelayMs;
  if (totalMs === null || totalMs <= 0) return [];
  const rows = timelines.map(({ nodeName, intervals, utilization }) => ({
    label: nodeName,
    intervals: intervals.map(({ startMs, endMs }) => ({ startMs, endMs })),
    utilization,
  }));
  return [
    { kind: 'heading', text: 'Timeline' },
    { kind: 'chart', chart: { kind: 'timeline', title: 'When each node computed, and its utilization', rows, totalMs } },
  ];
}

function imageBlocks({ run, tasks, nodes }: RunReportData): ReportBlock[] {
  const nameOf = nameNodes(nodes);
  const images = spread(
    tasks.filter(({ imageSha256 }) => imageSha256 !== null),
    MAX_IMAGES_SHOWN,
  ).map((task): ReportImage => ({
    sha256: task.imageSha256 ?? '',
    alt: task.prompt,
    caption: `#${task.ordinal + 1} ${task.prompt} · ${task.computedSteps} steps, seed ${task.seed}, ${nameOf(task.edgeServerId) ?? '–'}`,
    marks: task.isSimulated ? ['simulated'] : [],
  }));
  if (images.length === 0) return [];
  const caption = `${images.length} of ${formatQuantity(run.counts.succeeded, 'image')}, evenly spread over the run.`;
  return [
    { kind: 'heading', text: 'Images' },
    { kind: 'images', caption, images },
  ];
}

/** At most `limit` of them, evenly spread, first and last included. */
function spread<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, index) => items[Math.round((index * (items.length - 1)) / (limit - 1))]).filter(
    (item) => item !== undefined,
  );
}

const DELAY_PARTS: readonly [title: string, part: keyof TaskDelays][] = [
  ['Upload', 'uploadMs'],
  ['Waiting', 'waitingMs'],
  ['Compute', 'computeMs'],
  ['Download', 'downloadMs'],
  ['Re-sent', 'resendMs'],
  ['Control', 'controlMs'],
  ['Service', 'serviceMs'],
];

function nodeBlocks({ nodes, timelines, tasks }: RunReportData): ReportBlock[] {
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

function failureBlocks(tasks: readonly TaskRecord[]): ReportBlock[] {
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

function reproduceBlocks({ run, programVersion }: RunReportData): ReportBlock[] {
  const record =
    `Frozen at the start; SHA-256 ${run.specSha256}. Run ${run.id}, made by version ${programVersion}, ` +
    `started ${formatInstant(run.startedAtMs)}.`;
  return [
    { kind: 'heading', text: 'Specification, and how to make it again' },
    { kind: 'code', caption: 'The same settings again:', text: toCliCommand(run.spec) },
    { kind: 'code', caption: record, text: JSON.stringify(run.spec, null, 2) },
    {
      kind: 'code',
      caption: 'This report again, with the data of this program:',
      text: `npm run cli -- report make --template run --run ${run.id} --format pdf`,
    },
  ];
}
