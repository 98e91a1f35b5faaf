// What is made of the surroundings of a run, series, training or study when it starts, and kept with its record.
import { RecordKeeper } from '../domain/records/record-keeper.js';
import { BUILD_FACTS } from '../foundation/build-facts.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import type { CompositionContext } from './context.js';

export function composeRecordKeeper({ storage }: Pick<CompositionContext, 'storage'>): RecordKeeper {
  return new RecordKeeper(storage.records, {
    programVersion: PROGRAM_VERSION,
    build: BUILD_FACTS,
    findTestbed: (id) => storage.testbeds.getTestbed(id),
    findDataset: (id) => storage.datasets.get(id),
    findEpisodes: (trainingId) => storage.trainings.get(trainingId)?.checkpointEpisodes ?? null,
    isSimulated: (node) => node.kind === 'virtual' || storage.desiredStates.get(node.id).worker === 'simulated',
  });
}
