// Data folders with runs, a series and a training of their own, and the whole core over them, for archives from one to the other.
import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import sharp from 'sharp';
import { ImageStore } from '../../src/main/adapters/images/image-store.js';
import { inspectPicture, PictureFiles } from '../../src/main/adapters/images/picture-files.js';
import { openStorage } from '../../src/main/adapters/storage/open-storage.js';
import { assembleCore, type CoreParts } from '../../src/main/composition/core.js';
import type { CoreOverrides } from '../../src/main/composition/overrides.js';
import { hashSpec } from '../../src/main/domain/runs/plan-run.js';
import type { ArchiveManifest } from '../../src/shared/archive.js';
import type { DataJob } from '../../src/shared/data-care.js';
import type { RecordRef } from '../../src/shared/record.js';
import { isOpenState } from '../../src/shared/job.js';
import { buildTiming } from './run-fixtures.js';
import { buildSeriesSpec } from './series-fixtures.js';
import { buildResult, buildRun, buildSpec, buildTask, buildTestbed } from './storage-fixtures.js';

/** What no archive may have: of the nodes, as they are known where it was written. */
export const PLACES = ['orin-secret-host', '10.20.30.40', 'dialout', 'enp3s0', '/home/lab/models'] as const;
const TASKS = 4;

const FACTS = {
  ...{ hostname: PLACES[0], deviceModel: 'NVIDIA Jetson AGX Orin', jetpack: '6.1', powerMode: 'MAXN', kernel: '5.15.148-tegra' },
  ...{ groups: [PLACES[2]], linkName: PLACES[3], clockOffsetMs: 0.5 },
};

/** A testbed, two runs of a series, one of its own with input pictures and a failed task. */
export async function fillFolder(dataDir: string): Promise<{ runId: string; seriesId: string }> {
  const storage = openStorage({ dataDir, nowMs: () => 5_000 });
  storage.testbeds.insertTestbed(buildTestbed());
  const images = new ImageStore({ dataDir, isReferenced: () => true });
  const makeImage = async (shade: number): Promise<Awaited<ReturnType<ImageStore['storeImage']>>> => images.storeImage(await draw(shade));
  const spec = buildSeriesSpec({ conditions: buildSeriesSpec().conditions.slice(0, 1), repetitions: 1 });
  const cells = [0, 1].map((scheduler) => ({ condition: 0, scheduler, repetition: 1 }));
  storage.series.add({ id: 'series-1', spec, testbedName: 'Lab', datasetName: 'Flickr8k', programVersion: '0.1.0' }, cells);
  const life = { state: 'succeeded', outcome: null, error: null, createdAtMs: 1, startedAtMs: 2, finishedAtMs: 9_000 } as const;
  storage.jobs.save({
    ...{ id: 'series-1', kind: 'series', title: 'Run series', subject: { kind: 'series', id: 'series-1', name: spec.name } },
    ...{ ...life, detail: { isHeld: false, triesSinceMs: 0, pausedRunId: null }, log: [] },
  });
  const pictureBytes = await draw(200);
  const picture = inspectPicture(pictureBytes);
  if ('problem' in picture) throw new Error(picture.problem);
  await new PictureFiles(dataDir).store(picture, pictureBytes);
  storage.pictures.add(picture);
  const nodesSnapshot = [{ ...buildTiming(1), ordinal: 0, linkMbps: 1000, agentVersion: '0.1.0', facts: FACTS, worker: null }];
  for (const [index, id] of ['run-a', 'run-b', 'run-own'].entries()) {
    const ownSpec = buildSpec({ name: `Batch ${id}`, taskCount: TASKS, seed: index + 1 });
    const series = id === 'run-own' ? null : { seriesId: 'series-1', condition: 0, scheduler: index, repetition: 1 };
    const tasks = Array.from({ length: TASKS }, (_, ordinal) =>
      buildTask(ordinal, { id: `${id}-${ordinal}`, prompt: `a “dog” <b>${ordinal}</b>`, picture: id === 'run-own' ? picture : null }),
    );
    storage.runs.insertRun(
      buildRun({ id, spec: ownSpec, specSha256: hashSpec(ownSpec), createdAtMs: 10 + index, nodesSnapshot, series }),
      tasks,
      new Map([['node-1', '{"layers":[1.5]}']]),
    );
    for (const [ordinal, task] of tasks.entries()) {
      storage.runs.markSent(id, [{ taskId: task.id, baseStationId: 'node-1', atMs: 1 }]);
      if (id === 'run-own' && ordinal === TASKS - 1) {
        const message = `connect ECONNREFUSED ${PLACES[1]}:8443 while reading ${PLACES[4]}/sd3.safetensors`;
        storage.runs.recordFailure({ taskId: task.id, leaseEpoch: 1, message, atMs: 5, isFinal: true });
        continue;
      }
      const acceptedMs = 13_810 * (ordinal + 1) + 0.125 * index;
      const file = await makeImage(10 * index + ordinal);
      storage.runs.acceptResults([buildResult(task.id, 1, { acceptedMs, image: { ...file, isSimulated: true } })]);
    }
    storage.runs.updateRun(id, { state: 'succeeded', startedAtMs: 20, finishedAtMs: 8_000 + index });
  }
  const energy = { source: 'rails', measured: ['VDD_IN'], coveredMs: 7_980, joules: 1234.5, loadKnownMs: 7_980, idleMs: 100 } as const;
  storage.energy.saveEnergy('run-own', [{ nodeId: 'node-1', ...energy, measured: [...energy.measured] }]);
  storage.close();
  return { runId: 'run-own', seriesId: 'series-1' };
}

function draw(shade: number): Promise<Buffer> {
  return sharp({ create: { width: 32, height: 32, channels: 3, background: `rgb(${shade}, 90, 120)` } })
    .png()
    .toBuffer();
}

/** The program over a folder, which starts nothing by itself. */
export function openFolder(dataDir: string, overrides: CoreOverrides = {}): Promise<CoreParts> {
  return assembleCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none', overrides });
}

/** Follows work on the data folder to its end. */
export async function finished({ core }: CoreParts, { id }: DataJob): Promise<DataJob> {
  const { dataCare } = core.services;
  for await (const job of dataCare.watchJob(id, AbortSignal.timeout(60_000))) if (!isOpenState(job.state)) return job;
  return dataCare.job(id);
}

export async function exportTo(parts: CoreParts, path: string, records: RecordRef[]): Promise<DataJob> {
  return finished(parts, parts.core.services.dataCare.exportArchive({ records, path, fromMachine: 'lab-a' }));
}

export async function importFrom(parts: CoreParts, path: string): Promise<DataJob> {
  const { archives, dataCare } = parts.core.services;
  return finished(parts, dataCare.importArchive(archives.find({ path })));
}

/** The files of an archive, to be changed. */
export function unpackArchive(bytes: Uint8Array): { files: Record<string, Uint8Array>; manifest: ArchiveManifest } {
  const files = unzipSync(bytes);
  return { files, manifest: JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()) as ArchiveManifest };
}

export function packArchive(files: Record<string, Uint8Array>, manifest: unknown, options: { level?: 0 | 9 } = {}): Uint8Array {
  const all: Zippable = { ...files, 'manifest.json': strToU8(JSON.stringify(manifest)) };
  return zipSync(all, { level: options.level ?? 0 });
}
