// Series of runs, and what they ask of their surroundings: how hot the nodes are, and how much an image takes.
import { hottestOf } from '../../shared/telemetry.js';
import { type KeptNode, nodesInUse } from '../../shared/node-use.js';
import type { Testbed, TestbedNode } from '../../shared/testbed.js';
import { isForAnyTestbed } from '../../shared/training.js';
import type { OnTheJobService } from '../domain/simulation/on-the-job/on-the-job-service.js';
import type { TelemetryService } from '../domain/nodes/telemetry/telemetry-service.js';
import type { RunService } from '../domain/runs/run-service.js';
import { SeriesService, type SeriesServiceOptions } from '../domain/series/series-service.js';
import { newId } from '../foundation/new-id.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import { freeBytesAt } from '../foundation/storage-failure.js';
import type { CompositionContext } from './context.js';
import { composeRecordKeeper } from './record-keeper.js';

/** Images of 1024 x 1024 as PNG, and drawn ones: before any is on record. */
const ASSUMED_IMAGE_BYTES = { generated: 1_800_000, simulated: 20_000 };
/** The newest on record say how large images are. */
const IMAGES_TO_MEASURE = 200;
/** Real ms for the nodes to answer how hot they are; those that do not are not waited for. */
const TELEMETRY_MS = 15_000;

export interface SeriesSurroundings {
  runs: RunService;
  planned: SeriesServiceOptions['planned'];
  telemetry: Pick<TelemetryService, 'watch'>;
  getTestbed(id: string): Testbed;
  getDataset: SeriesServiceOptions['getDataset'];
  isSimulated(node: TestbedNode): boolean;
  untilConnected(testbedId: string): Promise<void>;
  onTheJob: Pick<OnTheJobService, 'learnForSeries' | 'learnedAfter'>;
}

export function composeSeries(
  { dataDir, storage, jobs, recordEvent, nowMs }: CompositionContext,
  { runs, planned, telemetry, getTestbed, getDataset, isSimulated, untilConnected, onTheJob }: SeriesSurroundings,
): SeriesService {
  const keeper = composeRecordKeeper({ storage });
  return new SeriesService({
    series: storage.series,
    store: storage.runs,
    nodesOf: nodesOfSeries(storage),
    ...{ runs, planned, jobs, getTestbed, getDataset, untilConnected, newId, recordEvent, nowMs },
    programVersion: PROGRAM_VERSION,
    learn: (row, signal) => onTheJob.learnForSeries(row, signal),
    learnedAfter: (runIds) => onTheJob.learnedAfter(runIds),
    learningProblem(trainingId) {
      const training = storage.trainings.get(trainingId);
      if (!training || isForAnyTestbed(training.spec)) return null;
      return `Training ${trainingId} has no network that is shared by the servers, so that it can't learn on the job (train --testbed).`;
    },
    keepEnvironment: (id, spec) => keeper.keepSeries(id, spec),
    freeBytes: () => freeBytesAt(dataDir),
    imageSize(testbedId) {
      const isDrawn = nodesInUse(getTestbed(testbedId)).some(isSimulated);
      const alike = storage.images.newestSizes(IMAGES_TO_MEASURE).filter((image) => image.isSimulated === isDrawn);
      if (alike.length === 0) return { sizeBytes: ASSUMED_IMAGE_BYTES[isDrawn ? 'simulated' : 'generated'], isMeasured: false };
      return { sizeBytes: alike.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / alike.length, isMeasured: true };
    },
    async readCelsius(testbedId, signal) {
      const until = AbortSignal.any([signal, AbortSignal.timeout(TELEMETRY_MS)]);
      const readings = await Promise.all(nodesInUse(getTestbed(testbedId)).map((node) => readNode(telemetry, node.id, until)));
      const known = readings.filter((celsius) => celsius !== null);
      return known.length === 0 ? null : Math.max(...known);
    },
  });
}

/** What a series was started with; null of one whose start is not on record. */
export function nodesOfSeries({ records }: Pick<CompositionContext['storage'], 'records'>): (seriesId: string) => KeptNode[] | null {
  return (id) => {
    const nodes = records.environmentOf({ kind: 'series', id })?.nodes ?? [];
    return nodes.length === 0 ? null : nodes.map((node) => ({ id: node.id, heldLimit: node.heldLimit ?? null }));
  };
}

/** Its hottest sensor now; null where it has none of its own, or does not answer. */
async function readNode(telemetry: Pick<TelemetryService, 'watch'>, nodeId: string, signal: AbortSignal): Promise<number | null> {
  for await (const { state, isOfHost, samples } of telemetry.watch(nodeId, signal)) {
    const newest = samples.at(-1);
    if (isOfHost || state === 'failed') return null;
    if (state === 'live' && newest) return hottestOf(newest)?.celsius ?? null;
  }
  return null;
}
