// The history over what every domain has on record, and how its records go for good.
import { HistoryBinService, type Remover } from '../domain/history/history-bin.js';
import { HistoryService } from '../domain/history/history-service.js';
import { NameFinder } from '../domain/history/name-finder.js';
import { AppError } from '../../shared/errors.js';
import { isOpenState } from '../../shared/job.js';
import { FIGURES_VERSION } from '../domain/runs/run-figures.js';
import type { CompositionContext } from './context.js';
import type { ModelServices } from './models.js';
import type { SimulationServices } from './simulation.js';
import type { TestbedServices } from './testbed.js';
import type { WorkloadServices } from './workload.js';

export interface HistoryServices {
  history: HistoryService;
  historyBin: HistoryBinService;
  names: NameFinder;
}

/** Whose things go to the bin. */
interface RemovedFrom {
  workload: WorkloadServices;
  simulation: SimulationServices;
  models: ModelServices;
  testbed: Pick<TestbedServices, 'testbeds' | 'telemetry'>;
}

export function composeHistory(
  { storage, jobs, changes, isOwner, recordEvent, nowMs }: CompositionContext,
  { workload, simulation, models, testbed }: RemovedFrom,
): HistoryServices {
  const { runs, series, datasets, storedReports, imageStore, pictureFiles } = workload;
  const { trainings, studies } = simulation;
  const history = new HistoryService({
    history: storage.history,
    marks: storage.historyMarks,
    getRun: (id) => runs.get(id),
    getJob: (id) => jobs.get(id),
    plannedStartOf: (id) => workload.planned.of(id),
    methodOf: (trainingId) => storage.trainings.get(trainingId)?.spec.method ?? null,
    figuresBasis: `[${FIGURES_VERSION},%`,
    isOwner,
    nowMs,
  });
  const requireRemovable = (id: string): void => jobs.requireRemovable(id);
  const historyBin = new HistoryBinService({
    marks: storage.historyMarks,
    bin: storage.bin,
    removers: {
      run: runs,
      series,
      training: { requireRemovable, remove: (id) => trainings.remove(id) },
      study: { requireRemovable, remove: (id) => studies.remove(id) },
      provisioning: jobs,
      calibration: jobs,
      dataset: datasets,
      model: modelRemover(models),
      report: { requireRemovable: (id) => void storedReports.get(id), remove: (id) => storedReports.remove(id) },
      testbed: testbedRemover(testbed, models),
    },
    filesOf: {
      training: (id) => () => trainings.sizeOnDisk(id),
      study: (id) => () => studies.sizeOnDisk(id),
      model: (id) => models.models.sizer(id),
      testbed: (id) => testbed.testbeds.sizer(id),
    },
    imageFileBytes: (sha256s) => imageStore.bytesOnDisk(sha256s),
    pictureFileBytes: (sha256s) => pictureFiles.bytesOnDisk(sha256s),
    announce() {
      jobs.announce();
      changes.announce();
    },
    recordEvent,
    nowMs,
  });
  return { history, historyBin, names: new NameFinder(storage.names) };
}

function modelRemover({ models, modelPushes }: ModelServices): Remover {
  return {
    requireRemovable(id) {
      models.requireRemovable(id);
      const push = modelPushes.list().find(({ modelId, state }) => modelId === id && isOpenState(state));
      if (push) throw pushUnderWay(`The model “${models.get(id).name}” can't be moved to the bin while it is sent to nodes`, push.id);
    },
    remove: (id) => models.remove(id),
  };
}

function testbedRemover({ testbeds, telemetry }: RemovedFrom['testbed'], { modelPushes }: ModelServices): Remover {
  return {
    requireRemovable(id) {
      testbeds.requireRemovable(id);
      const push = modelPushes.list().find(({ testbedId, state }) => testbedId === id && isOpenState(state));
      if (push)
        throw pushUnderWay(`Testbed “${testbeds.getAny(id).name}” can't be moved to the bin while a model is sent to its nodes`, push.id);
    },
    remove: (id) => testbeds.remove(id),
    async putAway(id) {
      await telemetry.forget(testbeds.getAny(id).nodes.map((node) => node.id));
      await testbeds.putAway(id);
    },
    bringBack: (id) => testbeds.bringBack(id),
  };
}

function pushUnderWay(message: string, jobId: string): AppError {
  return new AppError('conflict', message, `Wait for job ${jobId}, or cancel it.`);
}
