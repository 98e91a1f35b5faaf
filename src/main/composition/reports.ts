// Reports: what reads their figures, what makes files of them, and those that are kept.
import { join } from 'node:path';
import type { ComparisonService } from '../domain/comparison/comparison-service.js';
import type { ImageService } from '../domain/images/image-service.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import { ReportService } from '../domain/reports/report-service.js';
import { ReportSources } from '../domain/reports/report-sources.js';
import { StoredReports } from '../domain/reports/stored-reports.js';
import type { RunComparisonService } from '../domain/run-comparison/run-comparison-service.js';
import type { RunService } from '../domain/runs/run-service.js';
import type { SeriesService } from '../domain/series/series-service.js';
import type { TwinService } from '../domain/twin/twin-service.js';
import { newId } from '../foundation/new-id.js';
import type { CompositionContext } from './context.js';
import type { SimulationServices } from './simulation.js';

export interface ReportSurroundings extends SimulationServices {
  runs: RunService;
  series: SeriesService;
  comparison: ComparisonService;
  runComparison: RunComparisonService;
  images: ImageService;
  testbeds: TestbedService;
  twin: TwinService;
}

export function composeReports(
  { storage, paths, nowMs }: CompositionContext,
  { images, ...services }: ReportSurroundings,
): { reports: ReportService; storedReports: StoredReports } {
  const sources = new ReportSources({
    ...services,
    store: storage.runs,
    listBin: () => storage.historyMarks.listBin(),
    nameModel: (sha256) => storage.models.findBySha256(sha256)?.name ?? null,
  });
  const isInBin = (id: string): boolean => storage.historyMarks.isInBin({ kind: 'report', id });
  const reports = new ReportService({ sources, images, fontsDir: join(paths.resourcesDir, 'fonts') });
  return { reports, storedReports: new StoredReports({ repository: storage.reports, isInBin, sources, reports, newId, nowMs }) };
}
