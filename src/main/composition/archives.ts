// Archives: what they are made of, and where what they have goes.
import { join } from 'node:path';
import { ArchiveRepository } from '../adapters/storage/archive-repository.js';
import { PictureFiles } from '../adapters/images/picture-files.js';
import { ArchiveService } from '../domain/archives/archive-service.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import type { CompositionContext, DescribeUse } from './context.js';
import type { WorkloadServices } from './workload.js';

export function composeArchives(
  { dataDir, isOwner, storage, recordEvent, nowMs, overrides }: CompositionContext,
  { workload, describeUse }: { workload: WorkloadServices; describeUse: DescribeUse },
): ArchiveService {
  const repository = new ArchiveRepository(storage.database, storage);
  const trainingFolder = (id: string): string => join(dataDir, 'training', id);
  const service = new ArchiveService({
    exports: {
      dataDir,
      reader: repository,
      runsOfSeries: (seriesId) => storage.runs.listIdsOfSeries(seriesId),
      checkpointPath: (trainingId) => join(trainingFolder(trainingId), 'checkpoint.bin'),
      nameModel: (sha256) => storage.models.findBySha256(sha256)?.name ?? null,
      programVersion: PROGRAM_VERSION,
      nowMs,
    },
    imports: {
      ...{ dataDir, reader: repository, trainingFolder, nowMs },
      images: workload.imageStore,
      pictures: new PictureFiles(dataDir),
      add: (records, origin, atMs) => repository.add(records, origin, atMs),
      ...overrides.archives,
    },
    sweep: {
      deleteImages: (sha256s) => workload.imageStore.deleteImages(sha256s),
      isTraining: (id) => storage.trainings.get(id) !== null,
      trainingFolder,
    },
    findUpload: (uploadId) => workload.uploads.find(uploadId),
    isBusy: () => storage.testbeds.listTestbeds().some(({ id }) => describeUse(id) !== null),
    recordEvent,
  });
  if (isOwner) service.sweep();
  return service;
}
