import { BinRepository } from './bin-repository.js';
import { CostSettingsRepository } from './cost-settings-repository.js';
import { CredentialRepository } from './credential-repository.js';
import type { Database } from './database.js';
import { DatasetRepository } from './dataset-repository.js';
import { EventRepository } from './event-repository.js';
import { EnergyRepository } from './energy-repository.js';
import { FactsHistoryRepository } from './facts-history-repository.js';
import { GalleryRepository } from './gallery-repository.js';
import { HistoryMarksRepository } from './history-marks-repository.js';
import { HistoryRepository } from './history-repository.js';
import { HostKeyRepository } from './host-key-repository.js';
import { ImageRepository } from './image-repository.js';
import { JobRepository } from './job-repository.js';
import { LearningRepository } from './learning-repository.js';
import { MemoryRepository } from './memory-repository.js';
import { ModelRepository } from './model-repository.js';
import { NameRepository } from './name-repository.js';
import { NotificationRepository } from './notification-repository.js';
import { openDatabase } from './open-database.js';
import { PictureRepository } from './picture-repository.js';
import { PlannedStartRepository } from './planned-start-repository.js';
import { PlatformFigureRepository } from './platform-figure-repository.js';
import { PlatformRepository } from './platform-repository.js';
import { ProvisioningRepository } from './provisioning-repository.js';
import { ReportRepository } from './report-repository.js';
import { RecordRepository } from './record-repository.js';
import { RunBarsRepository } from './run-bars-repository.js';
import { RunRepository } from './run-repository.js';
import { SeriesRepository } from './series-repository.js';
import { StudyRepository } from './study-repository.js';
import { TestbedRepository } from './testbed-repository.js';
import { TrainingRepository } from './training-repository.js';
import { DesiredStateRepository } from './desired-state-repository.js';

/** The database of a data folder and a repository for each noun. */
export interface Storage {
  database: Database;
  testbeds: TestbedRepository;
  factsHistory: FactsHistoryRepository;
  hostKeys: HostKeyRepository;
  credentials: CredentialRepository;
  provisioning: ProvisioningRepository;
  desiredStates: DesiredStateRepository;
  datasets: DatasetRepository;
  pictures: PictureRepository;
  reports: ReportRepository;
  runs: RunRepository;
  runBars: RunBarsRepository;
  series: SeriesRepository;
  records: RecordRepository;
  images: ImageRepository;
  gallery: GalleryRepository;
  jobs: JobRepository;
  models: ModelRepository;
  memory: MemoryRepository;
  trainings: TrainingRepository;
  learning: LearningRepository;
  studies: StudyRepository;
  plannedStarts: PlannedStartRepository;
  platforms: PlatformRepository;
  platformFigures: PlatformFigureRepository;
  costSettings: CostSettingsRepository;
  energy: EnergyRepository;
  events: EventRepository;
  notifications: NotificationRepository;
  history: HistoryRepository;
  historyMarks: HistoryMarksRepository;
  bin: BinRepository;
  names: NameRepository;
  close(): void;
}

/** Opens and migrates the database; see `openDatabase` for its errors. `nowMs` is the wall clock, epoch ms. */
export function openStorage(options: { dataDir: string; nowMs: () => number }): Storage {
  const database = openDatabase({ dataDir: options.dataDir, nowMs: Math.round(options.nowMs()) });
  return {
    database,
    testbeds: new TestbedRepository(database),
    factsHistory: new FactsHistoryRepository(database),
    hostKeys: new HostKeyRepository(database),
    credentials: new CredentialRepository(database),
    provisioning: new ProvisioningRepository(database),
    desiredStates: new DesiredStateRepository(database),
    datasets: new DatasetRepository(database),
    pictures: new PictureRepository(database),
    reports: new ReportRepository(database),
    // A run tries again by itself; waiting for a lock would only keep it from hearing its agents.
    runs: new RunRepository(database.hasty(), options.nowMs),
    runBars: new RunBarsRepository(database),
    series: new SeriesRepository(database),
    records: new RecordRepository(database),
    images: new ImageRepository(database),
    gallery: new GalleryRepository(database),
    jobs: new JobRepository(database),
    models: new ModelRepository(database),
    memory: new MemoryRepository(database),
    trainings: new TrainingRepository(database),
    learning: new LearningRepository(database),
    studies: new StudyRepository(database),
    plannedStarts: new PlannedStartRepository(database),
    platforms: new PlatformRepository(database),
    platformFigures: new PlatformFigureRepository(database),
    costSettings: new CostSettingsRepository(database),
    // Telemetry that can't be written now is written the next time; no run waits for it.
    energy: new EnergyRepository(database.hasty()),
    events: new EventRepository(database),
    notifications: new NotificationRepository(database),
    history: new HistoryRepository(database),
    historyMarks: new HistoryMarksRepository(database),
    bin: new BinRepository(database),
    names: new NameRepository(database),
    close: () => database.close(),
  };
}
