// What looks after the data folder: checks, backups, lost images.
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { type ArchiveWorker, DataCareService, type ImageExporter } from '../domain/data-care/data-care-service.js';
import type { DataTools } from '../domain/data-care/data-tools.js';
import { PictureFiles } from '../adapters/images/picture-files.js';
import { repairPictures } from '../domain/data-care/repair-pictures.js';
import { describeRemade, ImageRemaker } from '../domain/data-care/remake-images.js';
import type { DescribeUse, CompositionContext } from './context.js';
import type { WorkloadServices } from './workload.js';

export function composeDataCare(
  { dataDir, storage, jobs, recordEvent, nowMs }: CompositionContext,
  options: {
    tools: DataTools;
    monitor: AgentMonitor;
    workload: WorkloadServices;
    describeUse: DescribeUse;
    archives: ArchiveWorker;
    imageExport: ImageExporter;
  },
): DataCareService {
  const { tools, monitor, workload, describeUse, archives, imageExport } = options;
  const remaker = new ImageRemaker({
    images: storage.images,
    sink: workload.imageStore,
    connections: monitor,
    damaged: workload.damagedImages,
    listTestbeds: () => storage.testbeds.listTestbeds(),
    describeUse,
    nowMs,
  });
  return new DataCareService({
    dataDir,
    tools,
    archives,
    imageExport,
    jobs,
    damaged: workload.damagedImages,
    countImages: () => storage.images.count(),
    obstacleToRemake: (sha256) => remaker.obstacleOf(sha256),
    remake: async (sha256s, work) => describeRemade(await remaker.remake(sha256s, work)),
    repair: (wish, work) => repairPictures({ pictures: storage.pictures, files: new PictureFiles(dataDir) }, wish, work),
    isBusy: () => storage.testbeds.listTestbeds().some(({ id }) => describeUse(id) !== null),
    recordEvent,
    nowMs,
  });
}
