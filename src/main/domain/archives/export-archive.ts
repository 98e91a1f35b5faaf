// Writes an archive: the records, the pictures that they name, and at the end what all of it is.
import { stat } from 'node:fs/promises';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_SCHEMA_VERSION,
  type ArchiveManifest,
  archiveManifestSchema,
  entryNameOf,
  type WrittenArchive,
} from '../../../shared/archive.js';
import { AppError } from '../../../shared/errors.js';
import { nameTraining } from '../../../shared/name-training.js';
import { RECORD_KIND_TITLES, type RecordRef } from '../../../shared/record.js';
import { type NewEntry, writeZip } from '../../adapters/archives/write-zip.js';
import { hashFile } from '../../adapters/images/examine-image.js';
import { imageFilePath, pictureFilePath } from '../../adapters/images/image-paths.js';
import type { ArchivedRecord } from '../../adapters/storage/archived-records.js';
import { readForArchive, type RecordReader } from './read-for-archive.js';

export interface ArchiveWork {
  signal: AbortSignal;
  onProgress(progress: { phase: string; done: number; total: number | null }): void;
}

export interface ExportSources {
  dataDir: string;
  reader: RecordReader;
  /** The warm-ups too. */
  runsOfSeries(seriesId: string): string[];
  /** The checkpoint of a training; null where there is none. */
  checkpointPath(trainingId: string): string;
  /** Of a model on record; null where it is on none. */
  nameModel(sha256: string): string | null;
  programVersion: string;
  nowMs(): number;
}

export const MANIFEST_NAME = 'manifest.json';

/** Throws `not-found` and `conflict` for what can't be exported, before anything is written. Rejects with the signal's reason, or what the disk says. */
export async function exportArchive(
  { records, path, fromMachine }: { records: readonly RecordRef[]; path: string; fromMachine: string | null },
  sources: ExportSources,
  work: ArchiveWork,
): Promise<WrittenArchive> {
  const chosen = withRuns(records, sources);
  const items: ArchiveManifest['items'] = [];
  const models = new Set<string>();
  const files = new Map<string, NewEntry>();
  for (const [index, ref] of chosen.entries()) {
    work.signal.throwIfAborted();
    work.onProgress({ phase: 'Reading records', done: index, total: chosen.length });
    const archived = find(sources.reader, ref);
    items.push({ ...ref, name: nameOf(archived) });
    for (const sha256 of modelsOf(archived)) models.add(sha256);
    for (const file of await filesOf(archived, sources, work.signal)) files.set(file.name, file);
  }
  const exportedAtMs = sources.nowMs();
  const entries: NewEntry[] = [
    ...chosen.map((ref): NewEntry => ({ name: entryNameOf(ref), make: () => toBytes(find(sources.reader, ref).record) })),
    ...files.values(),
    {
      name: MANIFEST_NAME,
      make: (written) =>
        toBytes(
          archiveManifestSchema.parse({
            format: ARCHIVE_FORMAT,
            schemaVersion: ARCHIVE_SCHEMA_VERSION,
            programVersion: sources.programVersion,
            exportedAtMs,
            fromMachine,
            items,
            models: [...models].sort().map((sha256) => ({ sha256, name: sources.nameModel(sha256) })),
            entries: [...written],
          } satisfies ArchiveManifest),
        ),
    },
  ];
  await writeZip(path, entries, {
    mtime: new Date(exportedAtMs),
    signal: work.signal,
    onEntry: (position) => work.onProgress({ phase: 'Writing the archive', done: position, total: entries.length }),
  });
  const fileName = path.split(/[\\/]/).at(-1) ?? path;
  return { path, fileName, sizeBytes: (await stat(path)).size, items };
}

/** A series comes with all of its runs; each once. */
function withRuns(records: readonly RecordRef[], { runsOfSeries }: ExportSources): RecordRef[] {
  const all = records.flatMap(({ kind, id }) => [
    { kind, id },
    ...(kind === 'series' ? runsOfSeries(id).map((runId): RecordRef => ({ kind: 'run', id: runId })) : []),
  ]);
  return [...new Map(all.map((ref) => [entryNameOf(ref), ref])).values()];
}

function find(reader: RecordReader, ref: RecordRef): ArchivedRecord {
  const archived = readForArchive(reader, ref);
  if (archived) return archived;
  throw new AppError('not-found', `There is no ${RECORD_KIND_TITLES[ref.kind].toLowerCase()} ${ref.id}`, 'List them to see their ids.');
}

export function nameOf({ kind, record }: ArchivedRecord): string {
  if (kind === 'training') return nameTraining(record.spec);
  return kind === 'study' ? record.study.name : record.spec.name;
}

function modelsOf({ kind, record }: ArchivedRecord): string[] {
  if (kind !== 'run') return [];
  return record.nodes.flatMap(({ worker }) => (worker?.modelSha256 ? [worker.modelSha256] : []));
}

/** Files that are lost or damaged are left out: they are missing there as they are here. */
async function filesOf({ kind, record }: ArchivedRecord, sources: ExportSources, signal: AbortSignal): Promise<NewEntry[]> {
  const { dataDir } = sources;
  const files: NewEntry[] = [];
  const add = async (name: string, path: string, expected: string | null): Promise<void> => {
    signal.throwIfAborted();
    const sha256 = await hashFile(path).catch(() => null);
    if (sha256 === null || (expected !== null && sha256 !== expected)) return;
    files.push({ name, path, sizeBytes: (await stat(path)).size, sha256 });
  };
  if (kind === 'training') await add(`trainings/${record.id}.checkpoint`, sources.checkpointPath(record.id), null);
  if (kind !== 'run') return files;
  for (const { sha256, mediaType } of record.images) {
    await add(`images/${sha256}.${mediaType === 'image/png' ? 'png' : 'jpg'}`, imageFilePath(dataDir, sha256, mediaType), sha256);
  }
  const pictures = new Set(record.tasks.flatMap(({ picture }) => (picture ? [picture.sha256] : [])));
  for (const sha256 of pictures) await add(`pictures/${sha256}`, pictureFilePath(dataDir, sha256), sha256);
  return files;
}

function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
