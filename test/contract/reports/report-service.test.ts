import sharp from 'sharp';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ThumbnailProcess } from '../../../src/main/programs/thumbnailer/thumbnail-process.js';
import { ComparisonService } from '../../../src/main/domain/comparison/comparison-service.js';
import { DamagedImages } from '../../../src/main/domain/images/damaged-images.js';
import { ImageService } from '../../../src/main/domain/images/image-service.js';
import { ImageStore } from '../../../src/main/adapters/images/image-store.js';
import { PlatformService } from '../../../src/main/domain/comparison/platform-service.js';
import { TwinService } from '../../../src/main/domain/twin/twin-service.js';
import { ReportSources } from '../../../src/main/domain/reports/report-sources.js';
import { ReportService } from '../../../src/main/domain/reports/report-service.js';
import { openStorage, type Storage } from '../../../src/main/adapters/storage/open-storage.js';
import { computeRunMetrics } from '../../../src/scheduling/metrics/run-metrics.js';
import { REPORT_FORMATS } from '../../../src/shared/report-document.js';
import type { RunSummary } from '../../../src/shared/run.js';
import { rmSync } from 'node:fs';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildResult, buildRun, buildTask, fakeSha256, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const TASK_COUNT = 70;
let dataDir: string;
let storage: Storage;
let images: ImageService;
let reports: ReportService;

beforeEach(async () => {
  dataDir = makeTemporaryFolder();
  storage = openStorage({ dataDir, nowMs: () => 1_000.5 });
  const store = new ImageStore({ dataDir, isReferenced: () => true });
  images = new ImageService({
    dataDir,
    findOnRecord: (sha256) => storage.images.find(sha256),
    findRemade: () => null,
    damaged: new DamagedImages(),
    thumbnailer: new ThumbnailProcess(join(import.meta.dirname, '../../../src/main/programs/thumbnailer/thumbnailer.ts')),
  });
  const { sha256, sizeBytes } = await store.storeImage(
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  storage.runs.insertRun(
    buildRun({ state: 'succeeded', finishedAtMs: 2_000.25 }),
    Array.from({ length: TASK_COUNT }, (_, ordinal) => buildTask(ordinal)),
  );
  for (let ordinal = 0; ordinal < TASK_COUNT; ordinal++) {
    const taskId = `task-${ordinal}`;
    storage.runs.markSent('run-1', [{ taskId, baseStationId: 'node-1', atMs: 1.5 }]);
    const image = { ...buildResult(taskId, 1).image, sizeBytes, sha256: ordinal === 1 ? fakeSha256(99) : sha256 };
    storage.runs.acceptResults([buildResult(taskId, 1, { image })]);
  }
  const summary = (): RunSummary => buildRunSummary({ metrics: computeRunMetrics(buildRun(), storage.runs.listTasks('run-1')) });
  const comparison = new ComparisonService({
    platforms: new PlatformService({
      ...{ paper: storage.platforms, figures: storage.platformFigures, nowMs: () => 1_000.5 },
      ...{ newId: () => expect.unreachable(), record: () => expect.unreachable() },
    }),
    costs: storage.costSettings,
    listRuns: () => [summary()],
    getSeries: () => expect.unreachable(),
    seriesResult: () => expect.unreachable(),
    nodesOf: (id) => storage.runs.getRun(id)?.nodesSnapshot ?? [],
  });
  const none = { get: () => expect.unreachable() };
  const sources = new ReportSources({
    ...{
      runs: { get: summary },
      store: storage.runs,
      comparison,
      testbeds: { getAny: none.get },
      nameModel: () => null,
      listBin: () => [],
    },
    runComparison: { compare: () => expect.unreachable(), timelines: () => expect.unreachable() },
    twin: new TwinService({
      store: storage.runs,
      getTestbed: () => expect.unreachable(),
      isSimulated: () => true,
      learnedPolicies: () => expect.unreachable(),
    }),
    series: { ...none, result: () => expect.unreachable() },
    trainings: { ...none, curve: () => expect.unreachable(), detail: () => expect.unreachable() },
    studies: { ...none, figure: () => expect.unreachable(), cells: () => expect.unreachable() },
  });
  reports = new ReportService({
    sources,
    images,
    fontsDir: join(import.meta.dirname, '../../../resources/fonts'),
  });
});
afterEach(async () => {
  await images.close();
  storage.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('exports a run in every format under a name of its own', async () => {
  const documents = await Promise.all((['csv', 'json', 'html'] as const).map((format) => reports.exportRun('run-1', format)));
  expect(documents.map((document) => [document.fileName, document.mediaType])).toEqual([
    ['batch-run-1.csv', 'text/csv'],
    ['batch-run-1.json', 'application/json'],
    ['batch-run-1.html', 'text/html'],
  ]);
});

it('puts at most 60 pictures into the HTML, and continues where one is missing', async () => {
  const { body } = await reports.exportRun('run-1', 'html');
  const count = body.match(/<img\s/g)?.length ?? 0;
  expect(count).toBeGreaterThanOrEqual(59);
  expect(count).toBeLessThanOrEqual(60);
  expect(body).toContain('data:image/webp;base64,UklGR');
});

it('gives the same bytes for the same database', async () => {
  const [first, second] = [await reports.exportRun('run-1', 'html'), await reports.exportRun('run-1', 'html')];
  expect(second.body).toBe(first.body);
});

it('exports the comparison with the rows of the paper and of the run', async () => {
  const input = { runIds: null, includeInvalid: false, cloudConcurrency: 1 };
  const { body } = await reports.exportComparison(input, 'csv');
  expect(body.split('\r\n').filter((line) => line !== '')).toHaveLength(1 + 6 + 1);
});

it('says that a run to compare is not there', async () => {
  const input = { runIds: ['run-9'], includeInvalid: false, cloudConcurrency: 1 };
  await expect(reports.exportComparison(input, 'json')).rejects.toMatchObject({ code: 'not-found' });
});

it('makes a report of a run and of Table V in every format, each under its name', async () => {
  const started: string[] = [];
  const files = await reports.make(
    { template: 'run', id: 'run-1' },
    { formats: REPORT_FORMATS, onProgress: (format) => started.push(format) },
  );
  expect(files.map(({ fileName }) => fileName)).toEqual(REPORT_FORMATS.map((format) => `batch-run-1-report.${format}`));
  expect(started).toEqual(REPORT_FORMATS);
  expect(files.every(({ body }) => body.length > 1000)).toBe(true);
  const [tex] = files.filter(({ fileName }) => fileName.endsWith('.tex'));
  const [picture, ...others] = tex?.pictures ?? [];
  expect(others).toEqual([]);
  expect(picture?.path).toMatch(/^batch-run-1-report-images\/[0-9a-f]{64}\.jpg$/);
  expect([...(picture?.bytes.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff]);
  expect(tex?.body).toContain(`\\dedgeaipicture{${picture?.path}}`);
  const input = { runIds: null, includeInvalid: true, cloudConcurrency: 2 };
  const [csv] = await reports.make({ template: 'table-v', comparison: input }, { formats: ['csv'] });
  expect(csv).toMatchObject({ fileName: 'table-v-report.csv', mediaType: 'text/csv' });
});

it('writes no report after it was canceled, and none of a run that is not there', async () => {
  const canceled = reports.make({ template: 'run', id: 'run-1' }, { formats: ['md'], signal: AbortSignal.abort() });
  await expect(canceled).rejects.toMatchObject({ code: 'cancelled' });
  const input = { runIds: ['run-9'], includeInvalid: false, cloudConcurrency: 1 };
  await expect(reports.make({ template: 'table-v', comparison: input }, { formats: ['md'] })).rejects.toMatchObject({ code: 'not-found' });
});
