// What is on record about runs, series, trainings and studies, and doing them again.
import { RecordService } from '../domain/records/record-service.js';
import type { CompositionContext } from './context.js';
import { composeRecordKeeper } from './record-keeper.js';
import type { SimulationServices } from './simulation.js';
import type { WorkloadServices } from './workload.js';

export function composeRecords(
  { storage }: CompositionContext,
  { workload, simulation }: { workload: WorkloadServices; simulation: SimulationServices },
): RecordService {
  return new RecordService({
    ...{ records: storage.records, keeper: composeRecordKeeper({ storage }) },
    ...{ runs: workload.runs, series: workload.series, trainings: simulation.trainings, studies: simulation.studies },
    getRun: (id) => storage.runs.getRun(id),
    findTestbed: (id) => storage.testbeds.getTestbed(id),
    listDatasets: () => storage.datasets.list(),
  });
}
