// The history over what every domain has on record, and how its records go for good.
import { HistoryBinService } from '../domain/history/history-bin.js';
import { HistoryService } from '../domain/history/history-service.js';
import { NameFinder } from '../domain/history/name-finder.js';
import { FIGURES_VERSION } from '../domain/runs/run-figures.js';
import type { CompositionContext } from './context.js';
import type { SimulationServices } from './simulation.js';
import type { WorkloadServices } from './workload.js';

export interface HistoryServices {
  history: HistoryService;
  historyBin: HistoryBinService;
  names: NameFinder;
}

export function composeHistory(
  { storage, jobs, isOwner, recordEvent, nowMs }: CompositionContext,
  { workload, simulation }: { workload: WorkloadServices; simulation: SimulationServices },
): HistoryServices {
  const { runs, series, imageStore } = workload;
  const { trainings, studies } = simulation;
  const history = new HistoryService({
    history: storage.history,
    marks: storage.historyMarks,
    getRun: (id) => runs.get(id),
    getJob: (id) => jobs.get(id),
    methodOf: (trainingId) => storage.trainings.get(trainingId)?.spec.method ?? null,
    figuresBasis: `[${FIGURES_VERSION},%`,
    isOwner,
    nowMs,
  });
  const requireRemovable = (id: string): void => jobs.requireRemovable(id);
  const historyBin = new HistoryBinService({
    marks: storage.historyMarks,
    nameOf: (item) => history.nameOf(item),
    removers: {
      run: runs,
      series,
      training: { requireRemovable, remove: (id) => trainings.remove(id) },
      study: { requireRemovable, remove: (id) => studies.remove(id) },
      provisioning: jobs,
      calibration: jobs,
    },
    filesOf: { training: (id) => trainings.sizeOnDisk(id), study: (id) => studies.sizeOnDisk(id) },
    imageFileBytes: (sha256s) => imageStore.bytesOnDisk(sha256s),
    announce: () => jobs.announce(),
    recordEvent,
    nowMs,
  });
  return { history, historyBin, names: new NameFinder(storage.names) };
}
