// What the API answers from: the services of the core under their names, built in composition/. The border knows each by its type alone.
import type { Log } from '../adapters/log/log.js';
import type { AppService } from '../domain/app/app-service.js';
import type { ComparisonService } from '../domain/comparison/comparison-service.js';
import type { PlatformService } from '../domain/comparison/platform-service.js';
import type { ArchiveService } from '../domain/archives/archive-service.js';
import type { DataCareService } from '../domain/data-care/data-care-service.js';
import type { DatasetService } from '../domain/datasets/dataset-service.js';
import type { UploadService } from '../domain/datasets/upload-service.js';
import type { GalleryService } from '../domain/images/gallery-service.js';
import type { HistoryBinService } from '../domain/history/history-bin.js';
import type { NameFinder } from '../domain/history/name-finder.js';
import type { HistoryService } from '../domain/history/history-service.js';
import type { ImageExport } from '../domain/images/image-export.js';
import type { ImageService } from '../domain/images/image-service.js';
import type { ModelService } from '../domain/models/model-service.js';
import type { ModelPushService } from '../domain/models/push/model-push-service.js';
import type { JobEngine } from '../domain/jobs/job-engine.js';
import type { CredentialService } from '../domain/nodes/access/credential-service.js';
import type { NodeAuthorizer } from '../domain/nodes/access/node-authorizer.js';
import type { NodeTrust } from '../domain/nodes/access/node-trust.js';
import type { CalibrationService } from '../domain/nodes/calibration/calibration-service.js';
import type { FactsService } from '../domain/nodes/facts/facts-service.js';
import type { WheelsService } from '../domain/nodes/wheels/wheels-service.js';
import type { ModelMemoryService } from '../domain/nodes/model-memory/model-memory-service.js';
import type { ClockKeeper } from '../domain/nodes/clocks/clock-keeper.js';
import type { ProvisioningService } from '../domain/nodes/provisioning/provisioning-service.js';
import type { TelemetryService } from '../domain/nodes/telemetry/telemetry-service.js';
import type { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import type { TestbedSettings } from '../domain/nodes/testbed/testbed-settings.js';
import type { NotificationService } from '../domain/notifications/notification-service.js';
import type { PathService } from '../domain/path/path-service.js';
import type { RecordService } from '../domain/records/record-service.js';
import type { ReportService } from '../domain/reports/report-service.js';
import type { StoredReports } from '../domain/reports/stored-reports.js';
import type { RunComparisonService } from '../domain/run-comparison/run-comparison-service.js';
import type { RunService } from '../domain/runs/run-service.js';
import type { SeriesService } from '../domain/series/series-service.js';
import type { OnTheJobService } from '../domain/simulation/on-the-job/on-the-job-service.js';
import type { StudyService } from '../domain/simulation/studies/study-service.js';
import type { TrainingService } from '../domain/simulation/training/training-service.js';
import type { TwinService } from '../domain/twin/twin-service.js';
import type { NodeLive } from '../../shared/testbed.js';

export interface Services {
  app: AppService;
  path: PathService;
  /** Where the border reports what it did not foresee. */
  log: Log;
  testbeds: TestbedService;
  testbedSettings: TestbedSettings;
  /** Whether the nodes can be worked with yet. */
  readiness: {
    /** Resolves when the virtual nodes have booted and the testbed's provisioned nodes answer, or after a bounded wait. Throws `not-found`. */
    untilConnected(testbedId: string): Promise<void>;
    /** Tries to reach the agent of a node now, instead of when it would be tried next. Resolves with what came of it. Throws `not-found`. */
    reconnect(nodeId: string): Promise<NodeLive>;
  };
  notifications: NotificationService;
  /** Long work of every kind. */
  jobs: JobEngine;
  provisioning: ProvisioningService;
  facts: FactsService;
  telemetry: TelemetryService;
  clocks: ClockKeeper;
  hostKeys: NodeTrust;
  credentials: CredentialService;
  authorizer: NodeAuthorizer;
  datasets: DatasetService;
  runs: RunService;
  series: SeriesService;
  history: HistoryService;
  historyBin: HistoryBinService;
  names: NameFinder;
  gallery: GalleryService;
  imageExport: ImageExport;
  models: ModelService;
  modelPushes: ModelPushService;
  modelMemory: ModelMemoryService;
  wheels: WheelsService;
  calibrations: CalibrationService;
  trainings: TrainingService;
  studies: StudyService;
  comparison: ComparisonService;
  platforms: PlatformService;
  runComparison: RunComparisonService;
  /** What the simulator says of runs on a testbed. */
  twin: TwinService;
  onTheJob: OnTheJobService;
  reports: ReportService;
  /** Those that are kept. */
  storedReports: StoredReports;
  records: RecordService;
  archives: ArchiveService;
  dataCare: DataCareService;
  images: ImageService;
  uploads: UploadService;
}
