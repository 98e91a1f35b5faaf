// Runs on testbeds: the captions that go in, the images that come out, and what is told of both.
import { join } from 'node:path';
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { ComparisonServiceImpl } from '../domain/comparison/comparison-service.js';
import { DatasetServiceImpl } from '../domain/datasets/dataset-service.js';
import { UploadServiceImpl } from '../domain/datasets/upload-service.js';
import { DamagedImages } from '../domain/images/damaged-images.js';
import { GalleryServiceImpl } from '../domain/images/gallery-service.js';
import { ImageServiceImpl } from '../domain/images/image-service.js';
import { ImageStore } from '../adapters/images/image-store.js';
import { newId } from '../foundation/new-id.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import { ReportServiceImpl } from '../domain/reports/report-service.js';
import { measureMachineSpeed } from '../domain/runs/machine-speed.js';
import { RunAnalysis } from '../domain/runs/run-analysis.js';
import { RunServiceImpl } from '../domain/runs/run-service.js';
import type { Ground } from './ground.js';
import type { RunParts } from './load-crash-points.js';
import type { ScienceParts } from './science.js';
import type { TestbedParts } from './testbed.js';

export interface WorkloadParts {
  uploads: UploadServiceImpl;
  datasets: DatasetServiceImpl;
  images: ImageServiceImpl;
  imageStore: ImageStore;
  damagedImages: DamagedImages;
  runs: RunServiceImpl;
  gallery: GalleryServiceImpl;
  comparison: ComparisonServiceImpl;
  reports: ReportServiceImpl;
}

export function composeWorkload(
  { dataDir, isOwner, paths, storage, recordEvent, nowMs, log }: Ground,
  {
    monitor,
    testbed,
    science,
    withCrashPoints,
  }: {
    monitor: AgentMonitor;
    testbed: Pick<TestbedParts, 'testbeds' | 'facts'>;
    science: ScienceParts;
    withCrashPoints(parts: RunParts): RunParts;
  },
): WorkloadParts {
  const uploads = new UploadServiceImpl(dataDir, nowMs);
  const datasets = new DatasetServiceImpl({
    datasets: storage.datasets,
    runs: storage.runs,
    sources: {
      samplePath: join(paths.resourcesDir, 'prompts', 'sample-prompts.txt'),
      findUpload: (uploadId) => uploads.find(uploadId),
    },
    newId: () => newId('dataset'),
    now: nowMs,
  });
  const imageStore = new ImageStore({ dataDir, isReferenced: (sha256) => storage.images.isReferenced(sha256) });
  const damagedImages = new DamagedImages();
  const images = new ImageServiceImpl({
    dataDir,
    findOnRecord: (sha256) => storage.images.find(sha256),
    findRemade: (sha256) => storage.images.findRemade(sha256),
    damaged: damagedImages,
    thumbnailerPath: paths.thumbnailerPath,
    log,
  });
  let speed: ReturnType<typeof measureMachineSpeed> | undefined;
  const runs = new RunServiceImpl({
    ...withCrashPoints({ store: storage.runs, images: imageStore, lines: monitor }),
    analysis: new RunAnalysis({ store: storage.runs, mayKeep: isOwner, nodesLive: (testbedId) => monitor.snapshot(testbedId) }),
    getTestbed: (id) => testbed.testbeds.get(id),
    refreshFacts: (testbedId) => testbed.facts.refresh(testbedId),
    getDataset: (id) => datasets.get(id),
    isSimulated: (node) => node.kind === 'virtual' || storage.wantedStates.get(node.id).worker === 'simulated',
    machineSpeed: () => (speed ??= measureMachineSpeed()),
    findTraining: (id) => storage.trainings.get(id),
    learnedPolicies: (trainingId) => science.trainings.schedulingPolicies(trainingId),
    listPrompts: (datasetId) => storage.datasets.listPrompts(datasetId),
    taskPage: (input) => storage.runs.taskPage(input),
    record: (kind, subjectId, message) => recordEvent({ kind, subjectId, message }),
    programVersion: PROGRAM_VERSION,
    log,
    nowMs,
  });
  const comparison = new ComparisonServiceImpl({
    platforms: storage.platforms,
    listRuns: () => runs.list(),
    nodesOf: (runId) => storage.runs.getRun(runId)?.nodesSnapshot ?? [],
  });
  return {
    uploads,
    datasets,
    images,
    imageStore,
    damagedImages,
    runs,
    gallery: new GalleryServiceImpl(storage.images),
    comparison,
    reports: new ReportServiceImpl({ runs, comparison, images, store: storage.runs }),
  };
}
