import type { RunReportData } from '../../src/main/domain/reports/documents/report-data.js';
import { computeNodeTimelines } from '../../src/scheduling/metrics/run-metrics.js';
import type { ReportDocument } from '../../src/shared/report-document.js';
import type { RunSummary, TaskRecord } from '../../src/shared/run.js';
import { buildRunSummary, buildTaskRecord } from './run-fixtures.js';

export const REPORT_NODES = [
  {
    id: 'node-1',
    name: 'ES 1',
    ordinal: 0,
    fixedSec: 3.8,
    secPerStep: 1,
    speedFactor: 1,
    linkMbps: 1000,
    agentVersion: '0.1.0',
    facts: null,
    worker: null,
    jitterFraction: 0,
    timingSource: 'setting' as const,
  },
];

export function buildReportData(tasks: TaskRecord[], change: Partial<RunSummary> = {}): RunReportData {
  const timelines = computeNodeTimelines(REPORT_NODES, tasks);
  return { run: buildRunSummary(change), programVersion: '0.1.0', nodes: REPORT_NODES, tasks, timelines };
}

/** Tasks that follow each other on one node, `stepMs` of model time each. */
export function buildTasksInTurn(count: number, stepMs: number): TaskRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const endMs = (index + 1) * stepMs;
    const delays = {
      uploadMs: 1,
      waitingMs: index * stepMs,
      computeMs: stepMs,
      downloadMs: 3,
      resendMs: 0,
      controlMs: 4,
      serviceMs: endMs + 8,
    };
    return buildTaskRecord(index, { computeStartMs: index * stepMs, computeEndMs: endMs, acceptedMs: endMs + 8, delays });
  });
}

/** A document with a text in every place that has one. */
export function buildDocumentOf(text: string): ReportDocument {
  const axis = { title: text, unit: text };
  return {
    title: text,
    subtitle: text,
    caveats: [
      { mark: 'simulated', text },
      { mark: 'invalid', text },
    ],
    facts: [{ label: text, value: text }],
    blocks: [
      { kind: 'heading', text },
      { kind: 'text', text },
      {
        kind: 'table',
        caption: text,
        columns: [
          { title: text, align: 'left' },
          { title: 'Total', unit: 's', align: 'right' },
        ],
        rows: [
          [
            { value: text, text, marks: ['simulated', 'imported'] },
            { value: 1234.5, text: '1,234.5' },
          ],
        ],
      },
      {
        kind: 'chart',
        note: text,
        chart: {
          kind: 'bars',
          title: text,
          category: { title: text, labels: [text, 'b'] },
          value: axis,
          series: [
            { name: text, values: [3, null], halfWidths: [1, null] },
            { name: 'b', values: [1, 2] },
          ],
        },
      },
      {
        kind: 'chart',
        chart: {
          kind: 'lines',
          title: text,
          x: axis,
          y: { ...axis, scale: 'logarithmic' },
          series: [
            {
              name: text,
              points: [
                { x: 1, y: 10, halfWidth: 2 },
                { x: 2, y: null },
                { x: 3, y: 100 },
                { x: 4, y: 1000 },
              ],
            },
            {
              name: 'bound',
              look: 'level',
              points: [
                { x: 1, y: 5 },
                { x: 4, y: 5 },
              ],
            },
            { name: 'paper', look: 'points', points: [{ x: 2, y: 50 }] },
          ],
        },
      },
      { kind: 'chart', chart: { kind: 'ecdf', title: text, x: axis, series: [{ name: text, samples: [3, 1, 2, 2] }] } },
      {
        kind: 'chart',
        chart: {
          kind: 'timeline',
          title: text,
          totalMs: 5000,
          rows: [{ label: text, utilization: 0.5, intervals: [{ startMs: 0, endMs: 2500 }] }],
        },
      },
      { kind: 'images', caption: text, images: [{ sha256: 'f'.repeat(64), caption: text, alt: text, marks: ['simulated'] }] },
      {
        kind: 'image-grid',
        caption: text,
        columns: [
          { title: text, marks: ['simulated'] },
          { title: 'b', marks: [] },
        ],
        rows: [{ title: text, cells: [{ sha256: 'f'.repeat(64), caption: text, alt: text, marks: ['simulated'] }, null] }],
      },
      { kind: 'code', caption: text, text },
      { kind: 'notes', items: [text] },
    ],
    asOfMs: 0,
  };
}
