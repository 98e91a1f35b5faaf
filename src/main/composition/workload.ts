// Runs on testbeds: the captions that go in, the images that come out, and what is told of both.
import { join } from 'node:path';
import type { AgentMonitor } from '../agents/agent-monitor.js';
import { ComparisonServiceImpl } from '../comparison/comparison-service.js';
import { DatasetServiceImpl } from '../datasets/dataset-service.js';
import { UploadServiceImpl } from '../datasets/upload-service.js';
import { DamagedImages } from '../images/damaged-images.js';
import { GalleryServiceImpl } from '../images/gallery-service.js';
import { ImageServiceImpl } from '../images/image-service.js';
import { ImageStore } from '../images/image-store.js';
import { newId } from '../new-id.js';
import { PROGRAM_VERSION } from '../program-version.js';
import { ReportServiceImpl } from '../reports/report-service.js';
import { measureMachineSpeed } from '../workload/machine-speed.js';
import { RunAnalysis } from '../workload/run-analysis.js';
import { RunServiceImpl } from '../workload/run-service.js';
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
