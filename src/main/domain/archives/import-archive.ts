// Takes an archive in: all of it that is not here already, or nothing. Everything is unpacked and verified aside; then files go to their
// places, and all rows in one transaction. What a crash leaves in between is removed at the next start (sweep-import.ts).
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../durable-file/write-durably.js';
import { readImageHeader } from '../../../image-header/image-header.js';
import type { ArchiveOutcome } from '../../../shared/archive.js';
import { AppError } from '../../../shared/errors.js';
import { formatBytes, formatPixels } from '../../../shared/format.js';
import type { ImportedFrom, RecordRef } from '../../../shared/record.js';
import { refuse } from '../../adapters/archives/open-zip.js';
import { inspectPicture, type PictureFiles } from '../../adapters/images/picture-files.js';
import type { ImageStore } from '../../adapters/images/image-store.js';
import type { ArchivedImage, ArchivedRecord } from '../../adapters/storage/archived-records.js';
import { hashOf } from '../records/describe-environment.js';
import { freeBytesAt } from '../../foundation/storage-failure.js';
import { readCheckpoint, writeCheckpoint } from '../simulation/training/training-checkpoint.js';
import { type ArchiveWork, nameOf } from './export-archive.js';
import { type OpenedArchive, openArchive, readRecord } from './read-archive.js';
import { readForArchive, type RecordReader } from './read-for-archive.js';
import { JOURNAL_NAME } from './sweep-import.js';

export interface ImportTargets {
  dataDir: string;
  reader: RecordReader;
  images: Pick<ImageStore, 'adopt' | 'deleteImages'>;
  pictures: Pick<PictureFiles, 'store'>;
  /** Folder of a training's checkpoint. */
  trainingFolder(id: string): string;
  /** All rows in one transaction. */
  add(records: readonly ArchivedRecord[], origin: ImportedFrom, nowMs: number): void;
  nowMs(): number;
  /** Everything is verified and nothing has changed yet; files are in their places and no row is: where tests end the program. */
  onStep?(step: 'verified' | 'files-moved'): void;
}

/** Rows of the database take about as much again as their JSON, once more in its log, and something stays free. */
const ROOM_PER_RECORD_BYTE = 3;
const RESERVE_BYTES = 64 * 1024 * 1024;

type Plan = ArchiveOutcome & { records: ArchivedRecord[] };

/** Throws `invalid-input`, `unsupported`, `not-found`, `no-space`; rejects with the signal's reason. Then nothing has changed. */
export async function importArchive(
  { path, label, stagingDir }: { path: string; label: string; stagingDir: string },
  targets: ImportTargets,
  work: ArchiveWork,
): Promise<ArchiveOutcome> {
  const archive = await openArchive(path, label);
  try {
    requireRoom(archive, targets.dataDir);
    const { records, ...outcome } = await planImport(archive, targets, work);
    if (records.length === 0) return outcome;
    await rm(stagingDir, { recursive: true, force: true });
    await mkdir(stagingDir, { recursive: true, mode: 0o700 });
    const staged = await unpack(archive, records, stagingDir, work);
    targets.onStep?.('verified');
    await commit(archive, records, staged, { targets, stagingDir, work });
    return { ...outcome, imageCount: staged.images.length };
  } finally {
    archive.zip.close();
    await rm(stagingDir, { recursive: true, force: true }).catch(() => undefined);
  }
}

function requireRoom({ manifest, label }: OpenedArchive, dataDir: string): void {
  const freeBytes = freeBytesAt(dataDir);
  const neededBytes = manifest.entries.reduce(
    (sum, { name, sizeBytes }) => sum + (name.endsWith('.json') ? ROOM_PER_RECORD_BYTE * sizeBytes : sizeBytes),
    RESERVE_BYTES,
  );
  if (freeBytes === null || freeBytes >= neededBytes) return;
  throw new AppError(
    'no-space',
    `${label} needs ${formatBytes(neededBytes)} in ${dataDir}, where ${formatBytes(freeBytes)} are free`,
    'Free some space on that disk. Nothing of the archive was taken.',
  );
}

/** What is new, what is here already, and what is here otherwise under the same id. A series comes in with all of its runs or not at all. */
async function planImport(archive: OpenedArchive, { reader }: ImportTargets, work: ArchiveWork): Promise<Plan> {
  const plan: Plan = { records: [], imported: [], present: [], refused: [], imageCount: 0 };
  const { items } = archive.manifest;
  for (const [index, item] of items.entries()) {
    work.signal.throwIfAborted();
    work.onProgress({ phase: 'Verifying records', done: index, total: items.length });
    const archived = await readRecord(archive, item);
    const named = { kind: archived.kind, id: archived.record.id, name: nameOf(archived) };
    const state = compareWithHere(reader, archived);
    if (state === 'new') plan.records.push(archived);
    else if (state === 'same') plan.present.push(named);
    else plan.refused.push({ ...named, reason: state });
  }
  const refusedRuns = new Set(plan.refused.filter(({ kind }) => kind === 'run').map(({ id }) => id));
  const broken = await seriesOf(archive, refusedRuns);
  plan.records = plan.records.filter((archived) => {
    const seriesId =
      archived.kind === 'series' ? archived.record.id : archived.kind === 'run' ? archived.record.series?.seriesId : undefined;
    if (seriesId === undefined || !broken.has(seriesId)) return true;
    const reason = 'A run of its series was refused, and without it the figures of the series would be others.';
    plan.refused.push({ kind: archived.kind, id: archived.record.id, name: nameOf(archived), reason });
    return false;
  });
  plan.imported = plan.records.map((archived) => ({ kind: archived.kind, id: archived.record.id, name: nameOf(archived) }));
  return plan;
}

/** The series that refused runs are of. */
async function seriesOf(archive: OpenedArchive, runIds: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  for (const item of archive.manifest.items) {
    if (item.kind !== 'run' || !runIds.has(item.id)) continue;
    const { record } = await readRecord(archive, item);
    if ('series' in record && record.series) found.add(record.series.seriesId);
  }
  return found;
}

/** `new`, `same`, or why it can't come in. */
function compareWithHere(reader: RecordReader, archived: ArchivedRecord): string {
  const ref: RecordRef = { kind: archived.kind, id: archived.record.id };
  let here: ArchivedRecord | null;
  try {
    here = readForArchive(reader, ref);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'conflict') return `${thrown.message}, here under the same id.`;
    throw thrown;
  }
  if (here === null) return 'new';
  if (hashOf(here.record) === hashOf(archived.record)) return 'same';
  return `Something else is here under the id ${ref.id}. Remove it to import this one.`;
}

interface Staged {
  images: ArchivedImage[];
  /** Of trainings whose checkpoint came along. */
  checkpoints: string[];
}

/** Everything that the new records name, verified; a picture that the archive does not have is missing here as it was there. */
async function unpack(archive: OpenedArchive, records: readonly ArchivedRecord[], stagingDir: string, work: ArchiveWork): Promise<Staged> {
  const { zip, entries, label } = archive;
  const extract = async (name: string, path: string): Promise<void> => {
    if ((await zip.extract(name, path, work.signal)) !== entries.get(name)?.sha256)
      throw refuse(label, `${name} is not what the manifest says`);
  };
  const named = new Map<string, ArchivedImage>();
  for (const archived of records) if (archived.kind === 'run') for (const image of archived.record.images) named.set(image.sha256, image);
  const images: ArchivedImage[] = [];
  let done = 0;
  for (const image of named.values()) {
    work.signal.throwIfAborted();
    work.onProgress({ phase: 'Unpacking images', done: done++, total: named.size });
    const name = `images/${image.sha256}.${image.mediaType === 'image/png' ? 'png' : 'jpg'}`;
    const entry = entries.get(name);
    if (!entry) continue;
    if (entry.sha256 !== image.sha256 || entry.sizeBytes !== image.sizeBytes)
      throw refuse(label, `${name} is not the image that it is named for`);
    const path = join(stagingDir, image.sha256);
    await extract(name, path);
    const header = readImageHeader(await readFile(path));
    if (header?.mediaType !== image.mediaType || header.widthPx !== image.widthPx || header.heightPx !== image.heightPx) {
      throw refuse(label, `${name} is no whole image of ${formatPixels(image.widthPx, image.heightPx)}`);
    }
    images.push(image);
  }
  const checkpoints: string[] = [];
  for (const archived of records) {
    if (archived.kind !== 'training') continue;
    const { id, spec, checkpointEpisodes } = archived.record;
    const name = `trainings/${id}.checkpoint`;
    if (!entries.has(name)) {
      if (checkpointEpisodes > 0) throw refuse(label, `${name} is missing`);
      continue;
    }
    work.onProgress({ phase: 'Verifying checkpoints', done: checkpoints.length, total: null });
    const folder = join(stagingDir, `checkpoint-${id}`);
    await mkdir(folder, { mode: 0o700 });
    await extract(name, join(folder, 'checkpoint.bin'));
    const checkpoint = await readCheckpoint(folder, spec.method).catch((thrown: unknown) => {
      throw refuse(label, `${name} is no checkpoint of ${spec.method}`, thrown);
    });
    // What was read and verified, not what was sent.
    if (checkpoint) await writeCheckpoint(folder, checkpoint);
    checkpoints.push(id);
  }
  return { images, checkpoints };
}

/** From here on it is not canceled: files to their places, then all rows at once. A failure takes the files away again. */
async function commit(
  archive: OpenedArchive,
  records: readonly ArchivedRecord[],
  staged: Staged,
  { targets, stagingDir, work }: { targets: ImportTargets; stagingDir: string; work: ArchiveWork },
): Promise<void> {
  const { manifest } = archive;
  work.onProgress({ phase: 'Storing', done: 0, total: null });
  const sha256s = staged.images.map(({ sha256 }) => sha256);
  await writeDurably(join(stagingDir, JOURNAL_NAME), JSON.stringify({ images: sha256s, trainings: staged.checkpoints }));
  try {
    for (const image of staged.images) await targets.images.adopt(join(stagingDir, image.sha256), image);
    await storePictures(archive, records, targets);
    for (const id of staged.checkpoints) {
      const folder = targets.trainingFolder(id);
      await mkdir(join(folder, '..'), { recursive: true, mode: 0o700 });
      await rename(join(stagingDir, `checkpoint-${id}`), folder);
    }
    targets.onStep?.('files-moved');
    const { fromMachine, exportedAtMs, programVersion } = manifest;
    targets.add(records, { fromMachine, exportedAtMs, programVersion }, targets.nowMs());
  } catch (thrown) {
    await targets.images.deleteImages(sha256s).catch(() => undefined);
    for (const id of staged.checkpoints) await rm(targets.trainingFolder(id), { recursive: true, force: true }).catch(() => undefined);
    if (thrown instanceof AppError) throw thrown;
    throw refuse(archive.label, 'its parts do not fit each other', thrown);
  }
}

async function storePictures(
  { zip, label }: OpenedArchive,
  records: readonly ArchivedRecord[],
  { pictures }: ImportTargets,
): Promise<void> {
  const named = new Map(
    records
      .flatMap((each) => (each.kind === 'run' ? each.record.tasks : []))
      .flatMap(({ picture }) => (picture ? [[picture.sha256, picture] as const] : [])),
  );
  const there = new Set(zip.entries.map(({ name }) => name));
  for (const picture of named.values()) {
    const name = `pictures/${picture.sha256}`;
    if (!there.has(name)) continue;
    const { bytes } = await zip.read(name, picture.sizeBytes);
    const found = inspectPicture(bytes);
    if (!('sha256' in found) || found.sha256 !== picture.sha256) throw refuse(label, `${name} is not the picture that it is named for`);
    await pictures.store(picture, bytes);
  }
}
