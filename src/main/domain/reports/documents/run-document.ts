// The report of a run: what was measured, how it is spread, when nodes worked, what came out, what failed, and how to make it again.
import type { REPORT_PARTS } from '../../../../shared/report-composition.js';
import { describeMissingEfficiency } from '../../../../shared/describe-efficiency.js';
import { describeRunEnergy } from '../../../../shared/energy.js';
import { formatInstant, formatNumber, formatPercent, formatQuantity, formatSeconds } from '../../../../shared/format.js';
import {
  textCell,
  type ReportBlock,
  type ReportCell,
  type ReportDocument,
  type ReportImage,
  type ReportMark,
} from '../../../../shared/report-document.js';
import { describeNodeUse } from '../../../../shared/node-use.js';
import { explainDashes, minSampleFor, showPercentile } from '../../../../shared/percentiles.js';
import { describeImported } from '../../../../shared/record.js';
import { type DelaySummary, describeScheduling, type RunSummary, type TaskDelays } from '../../../../shared/run.js';
import { describeService } from '../../../../shared/service.js';
import { toCliCommand } from '../../../../shared/run-command-line.js';
import { predictionBlocks } from './prediction-blocks.js';
import { failureBlocks, nodeBlocks, secondsCell } from './run-node-blocks.js';
import { nameNodes, nameRun, type RunReportData } from './report-data.js';
import { nameOrigin, reportCommand, type ReportSection, shortHash } from './report-section.js';

/** An image in a report is about 15 kB. */
export const MAX_IMAGES_SHOWN = 60;

export function buildRunDocument(data: RunReportData): ReportDocument {
  const { run } = data;
  return {
    title: nameRun(run),
    subtitle:
      `${formatQuantity(run.spec.taskCount, 'task')} (${describeService(run.spec)}) from “${run.datasetName}” on “${run.testbedName}”, ` +
      `${describeScheduling(run.spec)}; ended ${formatInstant(run.finishedAtMs)}.`,
    caveats: caveatsOf(run),
    facts: factsOf(run),
    blocks: [
      ...delayBlocks(data),
      ...timelineBlocks(data),
      ...imageBlocks(data),
      ...nodeBlocks(data),
      ...failureBlocks(data.tasks),
      ...predictionBlocks(data.prediction),
      ...reproduceBlocks(data),
    ],
    asOfMs: asOfRun(run),
  };
}

export type RunPart = keyof (typeof REPORT_PARTS)['run'];

const PARTS: Record<RunPart, (data: RunReportData) => ReportBlock[]> = {
  figures: ({ run }) => [figureTable(run)],
  delays: delayBlocks,
  timeline: timelineBlocks,
  images: imageBlocks,
  nodes: nodeBlocks,
  failures: ({ tasks }) => failureBlocks(tasks),
  prediction: ({ prediction }) => predictionBlocks(prediction),
  again: reproduceBlocks,
};

/** One part of the report of a run. */
export function buildRunPart(data: RunReportData, part: RunPart): ReportSection {
  const blocks = PARTS[part](data).filter(({ kind }) => kind !== 'heading');
  return { caveats: caveatsOf(data.run), blocks, asOfMs: asOfRun(data.run) };
}

function asOfRun({ finishedAtMs, startedAtMs, createdAtMs }: RunSummary): number {
  return finishedAtMs ?? startedAtMs ?? createdAtMs;
}

/** What a reader must know of every figure of the run. */
export function marksOfRun({ isSimulated, validity }: Pick<RunSummary, 'isSimulated' | 'validity'>): ReportMark[] {
  return [...(isSimulated ? (['simulated'] as const) : []), ...(validity.isValid ? [] : (['invalid'] as const))];
}

function figureTable(run: RunSummary): ReportBlock {
  const columns = [
    { title: 'Figure', align: 'left' as const },
    { title: 'Value', align: 'left' as const },
  ];
  const rows = factsOf(run).map(({ label, value }) => [textCell(label, marksOfRun(run)), textCell(value)]);
  return {
    kind: 'table',
    caption: `${formatQuantity(run.spec.taskCount, 'task')}, ${describeScheduling(run.spec)}.`,
    columns,
    rows,
  };
}

function originOf(run: RunSummary): string {
  return nameOrigin(`run ${run.id}, specification ${shortHash(run.specSha256)}`, reportCommand('run', run.id));
}

function caveatsOf(run: RunSummary): { mark: ReportMark; text: string }[] {
  const caveats: { mark: ReportMark; text: string }[] = [];
  if (run.isSimulated) caveats.push({ mark: 'simulated', text: 'Images and times of this run come from simulated nodes.' });
  if (run.imported) caveats.push({ mark: 'imported', text: `This run was not made here: it was ${describeImported(run.imported)}.` });
  if (!run.validity.isValid) {
    const [first = 'It is not valid.', ...others] = run.validity.reasons;
    for (const text of [first, ...others]) caveats.push({ mark: 'invalid', text });
  }
  if (run.nodeUse) caveats.push({ mark: 'limited', text: `Not the whole testbed: ${describeNodeUse(run.nodeUse)}.` });
  for (const text of run.validity.limitations) caveats.push({ mark: 'limited', text });
  if (run.timeScale !== 1) caveats.push({ mark: 'model-time', text: `Times are model time: ${run.timeScale} times real time.` });
  return caveats;
}

function factsOf({ metrics, counts, energy }: RunSummary): { label: string; value: string }[] {
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
    ...(energy ? [{ label: 'Energy', value: describeRunEnergy(energy) ?? '–' }] : []),
    { label: 'Host delay, mean', value: hostDelayMs === null ? 'not recorded' : `${formatNumber(hostDelayMs, 1)} ms` },
    { label: 'Host delay scaled, of the service delay', value: formatPercent(hostDelayShare) },
  ];
}

function delayBlocks({ run, tasks }: RunReportData): ReportBlock[] {
  const { metrics } = run;
  const count = run.counts.succeeded;
  const summaryRow = (label: string, summary: DelaySummary | null): ReportCell[] => [
    textCell(label),
    secondsCell(summary?.meanMs),
    secondsCell(showPercentile(summary?.medianMs, 0.5, count)),
    secondsCell(showPercentile(summary?.p95Ms, 0.95, count)),
    secondsCell(summary?.maxMs),
  ];
  const leftOut = count > 0 && count < minSampleFor(0.95) ? ` ${explainDashes([0.5, 0.95])}` : '';
  const delays = tasks.flatMap(({ delays: each }) => (each ? [each] : []));
  const samplesOf = (name: keyof TaskDelays): number[] => delays.map((each) => each[name] / 1000);
  return [
    { kind: 'heading', text: 'Delays' },
    ...(metrics.lowerBoundRule === null ? [] : [{ kind: 'text' as const, text: `Lower bound: ${metrics.lowerBoundRule}` }]),
    {
      kind: 'table',
      caption: `Delays of a task in seconds of model time; p95 is the nearest rank.${leftOut}`,
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
            note: originOf(run),
            chart: {
              kind: 'ecdf' as const,
              title: 'Distribution of the delays of tasks',
              x: { title: 'Delay, model time', unit: 's' },
              series: [
                { name: 'Service', samples: samplesOf('serviceMs') },
                { name: 'Waiting', samples: samplesOf('waitingMs') },
                { name: 'Control', samples: samplesOf('controlMs') },
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
    {
      kind: 'chart',
      note: originOf(run),
      chart: { kind: 'timeline', title: 'When each node computed, and its utilization', rows, totalMs },
    },
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

function reproduceBlocks({ run, programVersion }: RunReportData): ReportBlock[] {
  const record =
    `Frozen at the start; SHA-256 ${run.specSha256}. Run ${run.id}, made by version ${programVersion}, ` +
    `started ${formatInstant(run.startedAtMs)}.`;
  return [
    { kind: 'heading', text: 'Specification, and how to reproduce it' },
    { kind: 'code', caption: 'The same settings again:', text: toCliCommand(run.spec) },
    { kind: 'code', caption: record, text: JSON.stringify(run.spec, null, 2) },
    {
      kind: 'code',
      caption: 'This report again, with the data of this program:',
      text: reportCommand('run', run.id),
    },
  ];
}
