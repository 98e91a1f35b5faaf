// Runs on testbeds: the captions that go in, the images that come out, and what is told of both.
import { join } from 'node:path';
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { ComparisonService } from '../domain/comparison/comparison-service.js';
import { PlatformService } from '../domain/comparison/platform-service.js';
import { DatasetService } from '../domain/datasets/dataset-service.js';
import { UploadService } from '../domain/datasets/upload-service.js';
import { DamagedImages } from '../domain/images/damaged-images.js';
import { ImageService } from '../domain/images/image-service.js';
import { describeFailure } from '../adapters/log/report-internal-error.js';
import { ImageStore } from '../adapters/images/image-store.js';
import { PictureFiles } from '../adapters/images/picture-files.js';
import { newId } from '../foundation/new-id.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import type { ReportService } from '../domain/reports/report-service.js';
import type { StoredReports } from '../domain/reports/stored-reports.js';
import { RunPowerMeters } from '../domain/runs/energy/run-power-meters.js';
import { measureMachineSpeed } from '../domain/runs/machine-speed.js';
import { PlannedStarts } from '../domain/runs/planned-starts.js';
import { RunAnalysis } from '../domain/runs/run-analysis.js';
import { steadyNowMs } from '../domain/runs/run-clock.js';
import { RunComparisonService } from '../domain/run-comparison/run-comparison-service.js';
import { RunService } from '../domain/runs/run-service.js';
import type { OnTheJobService } from '../domain/simulation/on-the-job/on-the-job-service.js';
import { TwinService } from '../domain/twin/twin-service.js';
import type { SeriesService } from '../domain/series/series-service.js';
import { measuredBytes } from '../../shared/model-need.js';
import type { TestbedNode } from '../../shared/testbed.js';
import { ThumbnailProcess } from '../programs/thumbnailer/thumbnail-process.js';
import type { CompositionContext } from './context.js';
import type { RunPorts } from './load-crash-points.js';
import type { SimulationServices } from './simulation.js';
import { composeOnTheJob } from './on-the-job.js';
import { composeReports } from './reports.js';
import { composeRecordKeeper } from './record-keeper.js';
import { composeSeries, nodesOfSeries } from './series.js';
import type { TestbedServices } from './testbed.js';

export interface WorkloadServices {
  uploads: UploadService;
  datasets: DatasetService;
  images: ImageService;
  imageStore: ImageStore;
  pictureFiles: PictureFiles;
  damagedImages: DamagedImages;
  runs: RunService;
  planned: PlannedStarts;
  series: SeriesService;
  comparison: ComparisonService;
  platforms: PlatformService;
  runComparison: RunComparisonService;
  twin: TwinService;
  onTheJob: OnTheJobService;
  reports: ReportService;
  storedReports: StoredReports;
}

export function composeWorkload(
  context: CompositionContext,
  {
    monitor,
    testbed,
    simulation,
    withCrashPoints,
    untilConnected,
    findObstacle,
    learnsAlone,
  }: {
    monitor: AgentMonitor;
    testbed: Pick<TestbedServices, 'testbeds' | 'facts' | 'clocks' | 'telemetry'>;
    simulation: SimulationServices;
    withCrashPoints(ports: RunPorts): RunPorts;
    untilConnected(testbedId: string): Promise<void>;
    /** Why a lost image can't be made again now. */
    findObstacle(sha256: string): string | null;
    /** Whether testbeds that learn on the job start to by themselves after a run. */
    learnsAlone: boolean;
  },
): WorkloadServices {
  const { dataDir, isOwner, paths, storage, recordEvent, nowMs, log, overrides } = context;
  const uploads = new UploadService(dataDir, nowMs);
  if (isOwner) storage.datasets.deleteIncomplete();
  const pictureFiles = new PictureFiles(dataDir);
  const datasets = new DatasetService({
    datasets: storage.datasets,
    pictures: storage.pictures,
    pictureFiles,
    runs: storage.runs,
    isInBin: (id) => storage.historyMarks.isInBin({ kind: 'dataset', id }),
    unfinishedSeriesOf: (datasetId) => series.unfinishedOf(datasetId),
    sources: {
      samplePath: join(paths.resourcesDir, 'prompts', 'sample-prompts.txt'),
      findUpload: (uploadId) => uploads.find(uploadId),
    },
    newId: () => newId('dataset'),
    now: nowMs,
  });
  // What a crash left of an import, and of runs that are gone.
  if (isOwner) void datasets.sweepPictures().catch(() => undefined);
  const imageStore = new ImageStore({ dataDir, isReferenced: (sha256) => storage.images.isReferenced(sha256) });
  const damagedImages = new DamagedImages();
  const images = new ImageService({
    dataDir,
    findOnRecord: (sha256) => storage.images.find(sha256),
    findRemade: (sha256) => storage.images.findRemade(sha256),
    findObstacle,
    damaged: damagedImages,
    thumbnailer: new ThumbnailProcess(paths.thumbnailerPath, log),
  });
  const isSimulated = (node: TestbedNode): boolean => node.kind === 'virtual' || storage.desiredStates.get(node.id).worker === 'simulated';
  const keeper = composeRecordKeeper(context);
  let speed: ReturnType<typeof measureMachineSpeed> | undefined;
  const power = new RunPowerMeters({
    watch: (nodeId, signal) => testbed.telemetry.watch(nodeId, signal),
    ...{ store: storage.energy, nowMs: steadyNowMs, log },
  });
  const planned = new PlannedStarts({
    store: storage.plannedStarts,
    wallMs: overrides.wallMs ?? (() => Date.now()),
    recordEvent,
    onProblem: (thrown) => void describeFailure(log, thrown, { doing: 'starting at a time' }),
  });
  const onTheJob = composeOnTheJob(context, {
    ...{ monitor, testbeds: testbed.testbeds, trainings: simulation.trainings },
    learnsAlone,
    later: () => ({ runs, series }),
  });
  const runs: RunService = new RunService({
    ...{ power, planned },
    ...withCrashPoints({ store: storage.runs, images: imageStore, connections: monitor }),
    analysis: new RunAnalysis({
      ...{ store: storage.runs, mayKeep: isOwner },
      nodesLive: (testbedId) => monitor.snapshot(testbedId),
      energyOf: (runId) => power.reading(runId) ?? storage.energy.listEnergy(runId),
    }),
    getTestbed: (id) => testbed.testbeds.get(id),
    nodesOfSeries: nodesOfSeries(storage),
    refreshFacts: async (testbedId) => {
      // No clock jumps in a run, nor between what is read of it now and the start.
      await testbed.clocks.hold(testbedId);
      await testbed.facts.refresh(testbedId);
    },
    getDataset: (id) => datasets.getUsable(id),
    isSimulated,
    machineSpeed: () => (speed ??= measureMachineSpeed()),
    findTraining: (id) => storage.trainings.get(id),
    learnedPolicies: (trainingId) => simulation.trainings.schedulingPolicies(trainingId),
    listPrompts: (datasetId) => storage.datasets.listPrompts(datasetId),
    pictures: pictureFiles,
    skillsOf: async (nodeId) => (await monitor.connectedClient(nodeId)?.describe()) ?? null,
    modelOf: (sha256, nodeId) => {
      const model = storage.models.findBySha256(sha256);
      return model ? { model, measuredBytes: measuredBytes(storage.memory.list(), nodeId, model.id) } : null;
    },
    taskPage: (input) => storage.runs.taskPage(input),
    listBars: (runId, after) => storage.runBars.list(runId, after),
    keepsExperience: ({ spec, series: cell }) =>
      onTheJob.isKeeping({ testbedId: spec.testbedId, isOfSeries: cell !== null, measuresLearning: spec.learning !== undefined }),
    record: (kind, subjectId, message) => {
      recordEvent({ kind, subjectId, message });
      if (kind === 'run-ended') onTheJob.runEnded(subjectId);
    },
    programVersion: PROGRAM_VERSION,
    keepEnvironment: (run, learnedPolicies) => keeper.keepRun(run, learnedPolicies),
    log,
    // Delays are fractions of milliseconds.
    nowMs: steadyNowMs,
    ...overrides.runs,
  });
  const series: SeriesService = composeSeries(context, {
    ...{ runs, planned, telemetry: testbed.telemetry, isSimulated, untilConnected, onTheJob },
    getTestbed: (id) => testbed.testbeds.get(id),
    getDataset: (id) => datasets.getUsable(id),
  });
  const platforms = new PlatformService({
    paper: storage.platforms,
    figures: storage.platformFigures,
    newId: () => newId('platform'),
    record: (kind, subjectId, message) => recordEvent({ kind, subjectId, message }),
    nowMs,
  });
  const comparison = new ComparisonService({
    platforms,
    costs: storage.costSettings,
    listRuns: () => runs.list(),
    getSeries: (id) => series.get(id),
    seriesResult: (input) => series.result(input),
    nodesOf: (runId) => storage.runs.getRun(runId)?.nodesSnapshot ?? [],
  });
  const runComparison = new RunComparisonService({ getRun: (id) => runs.get(id), store: storage.runs });
  const twin = new TwinService({
    ...{ store: storage.runs, isSimulated },
    getTestbed: (id) => testbed.testbeds.get(id),
    learnedPolicies: (trainingId) => simulation.trainings.schedulingPolicies(trainingId),
  });
  return {
    uploads,
    datasets,
    images,
    imageStore,
    pictureFiles,
    damagedImages,
    runs,
    planned,
    series,
    comparison,
    platforms,
    runComparison,
    twin,
    onTheJob,
    ...composeReports(context, { ...simulation, runs, series, comparison, runComparison, images, testbeds: testbed.testbeds, twin }),
  };
}
