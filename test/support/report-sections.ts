// Every builder of reports over records with a text in each place that people, files or other machines name.
import type { ReportSection } from '../../src/main/domain/reports/documents/report-section.js';
import { buildGallerySection } from '../../src/main/domain/reports/documents/gallery-document.js';
import { buildRunComparisonPart, type RunComparisonData } from '../../src/main/domain/reports/documents/run-comparison-document.js';
import { buildRunPart } from '../../src/main/domain/reports/documents/run-document.js';
import { buildSeriesPart, type SeriesReportData } from '../../src/main/domain/reports/documents/series-document.js';
import { buildStudyPart } from '../../src/main/domain/reports/documents/study-document.js';
import { buildTestbedPart } from '../../src/main/domain/reports/documents/testbed-document.js';
import { buildTrainingPart } from '../../src/main/domain/reports/documents/training-document.js';
import { buildRunComparison } from '../../src/main/domain/run-comparison/build-run-comparison.js';
import { composeReport, type ComposedReport } from '../../src/main/domain/reports/compose-report.js';
import type { RunComparisonRequest } from '../../src/shared/api/run-comparison-inputs.js';
import { REPORT_PARTS, type ReportSource, type StoredReportBlock } from '../../src/shared/report-composition.js';
import type { SeriesCellResult, SeriesDetail, SeriesDifference } from '../../src/shared/series.js';
import type { PolicyDetail } from '../../src/shared/training.js';
import { buildEpisode, buildTraining } from '../unit/renderer/train/training-fixture.js';
import { buildCell, buildFigure, buildRun as buildStudyRun, buildStudy } from '../unit/renderer/studies/study-fixture.js';
import { buildListedRun } from './comparison-fixtures.js';
import { buildReportData } from './report-fixtures.js';
import { buildRunSummary, buildTaskRecord } from './run-fixtures.js';
import { buildSeriesSpec } from './series-fixtures.js';
import { buildNode, buildTestbed } from './storage-fixtures.js';

/** Two schedulers, |N| = 1 and 20, two repetitions, all valid; `text` wherever a name is. */
export function buildSeriesData(text: string): SeriesReportData {
  const spec = buildSeriesSpec({ name: text, schedulers: [{ scheduler: 'round-robin' }, { scheduler: 'learned', trainingId: text }] });
  const figure = (mean: number) => ({ mean, halfWidth95: mean / 10, repetitions: 2 });
  const cells = spec.conditions.flatMap((_, condition) =>
    spec.schedulers.flatMap((__, scheduler) =>
      [1, 2].map((repetition) => ({
        ...{ condition, scheduler, repetition, position: 0, state: 'valid' as const, tries: 1, reasons: [text] },
        runId: `run-${condition}-${scheduler}-${repetition}`,
      })),
    ),
  );
  const results = spec.conditions.flatMap((_, condition) =>
    spec.schedulers.map((__, scheduler): SeriesCellResult => ({
      ...{
        condition,
        scheduler,
        counted: 2,
        invalid: 0,
        missing: 0,
        isSimulated: true,
        runIds: [],
        energyWhPer1k: null,
        energySource: null,
      },
      totalSec: figure(20 + condition * 800 + scheduler),
      efficiency: { ...figure(0.9), halfWidth95: null },
      controlShare: figure(0.01),
      meanServiceSec: figure(10),
      medianServiceSec: { figure: figure(9.5) },
      p95ServiceSec: { figure: null, hidden: text },
      p99ServiceSec: { figure: null, hidden: text },
    })),
  );
  const difference: SeriesDifference = {
    ...{ condition: 1, first: 0, second: 1, pairs: 2, meanSec: -12.34, halfWidth95Sec: 3.21, reduction: 0.0456, effectSize: -1.5 },
    ...{ adjustedP: 0.012, isSignificant: true, sentence: text },
  };
  const series: SeriesDetail = {
    ...{ id: 'series-1', spec, state: 'succeeded', testbedName: text, datasetName: text, programVersion: '0.1.0' },
    ...{
      createdAtMs: 1,
      startedAtMs: 2,
      finishedAtMs: 3_000,
      error: null,
      waitsBehind: null,
      phase: null,
      remainingSec: null,
      imported: null,
    },
    counts: { total: 8, valid: 8, invalid: 0, failed: 0, running: 0, waiting: 0 },
    cells,
  };
  const result = { seriesId: 'series-1', includesInvalid: false, cells: results, differences: [difference], learning: [], notes: [text] };
  return { series, result, runs: cells.map(({ runId }) => buildRunSummary({ id: runId })) };
}

export const POLICY_DETAIL: PolicyDetail = {
  ...{ checkpointEpisodes: 60, episodes: 5, meanDelaySec: 7.123, p95DelaySec: 15.5, optTsMeanDelaySec: 7, optTsP95DelaySec: 15 },
  ...{ ratioToOptTs: 1.0176, entropyNats: 1.2 },
  perServer: [
    { server: 0, capacityGigacyclesPerSec: 20, share: 0.4, shareOfWork: 0.45 },
    { server: 1, capacityGigacyclesPerSec: 30, share: 0.6, shareOfWork: 0.55 },
  ],
  byWork: [{ fromGigacycles: 0, toGigacycles: 1, count: 100, meanDelaySec: 6.5, p95DelaySec: 12, optTsMeanDelaySec: 6.4 }],
};

/** Two schedulers on two workloads of four tasks: random takes twice as long, and one of its runs is invalid; `text` wherever a name is. */
export function buildRunComparisonData(text: string): RunComparisonData {
  const listed = ['round-robin', 'random'].flatMap((scheduler, index) =>
    [1, 2].map((seed) =>
      buildListedRun({
        ...{ id: `${scheduler}-${seed}`, totalSec: 20 * (index + 1) + seed, serviceSec: [4, 6, 8, 10].map((sec) => sec * (index + 1)) },
        spec: { name: `${text} ${scheduler} ${seed}`, scheduler: scheduler as 'random', seed },
        summary: {
          ...{ isSimulated: true, testbedName: text, datasetName: text, finishedAtMs: seed },
          validity: { isValid: index === 0 || seed === 1, reasons: [text], limitations: [] },
        },
      }),
    ),
  );
  const runIds = listed.map(({ summary }) => summary.id);
  const input: RunComparisonRequest = { runIds, groupBy: 'scheduler', reference: null, hiddenIds: [], onlyValid: false };
  const timelines = runIds.map((runId) => ({
    ...{ runId, totalMs: 20_000 },
    nodes: [{ name: text, utilization: 0.5, spans: [{ startMs: 0, endMs: 10_000 }] }],
  }));
  return { comparison: buildRunComparison(listed, input, ['gone']), timelines, input };
}

/** What each source shows when every name of its records is `text`. */
export function sectionOf(source: Exclude<ReportSource, { kind: 'text' }>, text: string): ReportSection {
  switch (source.kind) {
    case 'run': {
      const spec = { ...buildRunSummary().spec, name: text };
      const validity = { isValid: false, reasons: [text], limitations: [text] };
      const tasks = [buildTaskRecord(0, { prompt: text }), buildTaskRecord(1, { prompt: text, state: 'failed', errorMessage: text })];
      return buildRunPart(buildReportData(tasks, { spec, validity, testbedName: text, datasetName: text }), source.part);
    }
    case 'series':
      return source.part === 'table-v' ? { caveats: [], blocks: [], asOfMs: null } : buildSeriesPart(buildSeriesData(text), source.part);
    case 'training': {
      const training = buildTraining({ state: 'failed', checkpointEpisodes: 60, last: buildEpisode(2) });
      const twin = { testbedId: text, testbedName: text, qualitySteps: { min: 1, max: 2 }, load: 1, nodeNames: [text] };
      const work = { fixedGigacycles: 1, gigacyclesPerStep: 1 };
      const spec = {
        ...training.spec,
        twin: { ...twin, work, meanQualitySteps: 1 },
        settings: { ...training.spec.settings, [text]: text },
      };
      const curve = [1, 2, 3].map((episode) => buildEpisode(episode, { entropy: 1 }));
      return buildTrainingPart({ training: { ...training, spec }, curve, detail: POLICY_DETAIL }, source.part);
    }
    case 'study': {
      const study = buildStudy({ title: text, figure: text, question: text, axisLabel: text });
      return buildStudyPart({ figure: buildFigure({ run: buildStudyRun({ study }), command: text }), cells: [buildCell()] }, source.part);
    }
    case 'testbed':
      return buildTestbedPart(buildTestbed({ name: text, nodes: [buildNode({ name: text })] }), source.part);
    case 'comparison':
      return buildRunComparisonPart(buildRunComparisonData(text), source.part);
    case 'gallery': {
      const run = buildRunSummary({ spec: { ...buildRunSummary().spec, name: text } });
      return buildGallerySection([{ run, tasks: [buildTaskRecord(0, { prompt: text })], model: text }], null, 4);
    }
    case 'table-v':
      return { caveats: [], blocks: [], asOfMs: null };
  }
}

/** A report with every part of every kind, and a text block; `text` in every name, title and text. */
export function composeEverything(text: string): Promise<ComposedReport> {
  const sources = (['run', 'series', 'training', 'study', 'testbed'] as const).flatMap((kind) =>
    Object.keys(REPORT_PARTS[kind]).map((part) => ({ kind, id: text, part }) as ReportSource),
  );
  const gallery: ReportSource = { kind: 'gallery', part: 'grid', runIds: [text], prompts: null, rows: 4 };
  const { input: comparison } = buildRunComparisonData(text);
  const compared = Object.keys(REPORT_PARTS.comparison).map((part) => ({ kind: 'comparison', part, comparison }) as ReportSource);
  const blocks = [...sources, ...compared, gallery, { kind: 'text' as const, title: text, text }].map(
    (source, index): StoredReportBlock => ({
      id: String(index),
      source,
      recordName: source.kind === 'run' ? text : `${text} `,
    }),
  );
  return composeReport({ title: text, blocks }, { section: (source) => Promise.resolve(sectionOf(source, text)), inBin: () => [] });
}
