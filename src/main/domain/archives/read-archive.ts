// Reads an archive that anyone may have made. Nothing of it is believed before its manifest, its hashes and its form are right.
import type { z } from 'zod';
import {
  ARCHIVE_FORMAT,
  ARCHIVE_SCHEMA_VERSION,
  type ArchiveDescription,
  type ArchiveManifest,
  archiveManifestSchema,
  entryNameOf,
} from '../../../shared/archive.js';
import { AppError } from '../../../shared/errors.js';
import { OpenedZip, refuse } from '../../adapters/archives/open-zip.js';
import {
  type ArchivedRecord,
  type ArchivedRun,
  archivedRunSchema,
  archivedSeriesSchema,
  archivedStudySchema,
  archivedTrainingSchema,
} from '../../adapters/storage/archived-records.js';
import { hashOf } from '../records/describe-environment.js';
import { MANIFEST_NAME } from './export-archive.js';
import { factsWithoutPlaces } from './without-places.js';

const MAX_ENTRIES = 2_000_000;
const MAX_TOTAL_BYTES = 1024 ** 4;
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;
/** A run of 100,000 tasks has about 80 MB. */
const MAX_RECORD_BYTES = 512 * 1024 * 1024;

export interface OpenedArchive {
  zip: OpenedZip;
  manifest: ArchiveManifest;
  /** By name. */
  entries: ReadonlyMap<string, ArchiveManifest['entries'][number]>;
  /** As it is named to people. */
  label: string;
}

/** Opens it and reads its manifest; the caller closes the file. Throws `invalid-input`, `unsupported` and `not-found`. */
export async function openArchive(path: string, label: string): Promise<OpenedArchive> {
  const zip = await OpenedZip.open(path, label, { entries: MAX_ENTRIES, totalBytes: MAX_TOTAL_BYTES });
  try {
    const manifest = readManifest((await zip.read(MANIFEST_NAME, MAX_MANIFEST_BYTES)).bytes, label);
    checkEntries(zip, manifest, label);
    return { zip, manifest, entries: new Map(manifest.entries.map((entry) => [entry.name, entry])), label };
  } catch (thrown) {
    zip.close();
    throw thrown;
  }
}

export function describeArchive({ manifest }: OpenedArchive): ArchiveDescription {
  const { programVersion, exportedAtMs, fromMachine, models, schemaVersion, items, entries } = manifest;
  const imageCount = entries.filter(({ name }) => name.startsWith('images/')).length;
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  return { programVersion, exportedAtMs, fromMachine, models, schemaVersion, items, imageCount, sizeBytes };
}

/** Throws `invalid-input` where its bytes are not those of the manifest, or its form is wrong, with the place. */
export async function readRecord({ zip, entries, label }: OpenedArchive, item: ArchiveManifest['items'][number]): Promise<ArchivedRecord> {
  const name = entryNameOf(item);
  const { bytes, sha256 } = await zip.read(name, MAX_RECORD_BYTES);
  if (sha256 !== entries.get(name)?.sha256) throw refuse(label, `${name} is not what the manifest says`);
  const content = parseJson(bytes, name, label);
  const parse = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> => {
    const parsed = schema.safeParse(content);
    if (parsed.success) return parsed.data;
    throw refuse(label, `${name} is not in order${placeOf(parsed.error)}`);
  };
  const archived = ((): ArchivedRecord => {
    switch (item.kind) {
      case 'run':
        return { kind: 'run', record: withKnownFacts(parse(archivedRunSchema)) };
      case 'series':
        return { kind: 'series', record: parse(archivedSeriesSchema) };
      case 'training':
        return { kind: 'training', record: parse(archivedTrainingSchema) };
      case 'study':
        return { kind: 'study', record: parse(archivedStudySchema) };
    }
  })();
  if (archived.record.id !== item.id) throw refuse(label, `${name} is of ${archived.record.id}`);
  if (archived.kind === 'run') checkRun(archived.record, name, label);
  return archived;
}

function readManifest(bytes: Buffer, label: string): ArchiveManifest {
  const content = parseJson(bytes, MANIFEST_NAME, label) as { format?: unknown; schemaVersion?: unknown } | null;
  if (content?.format !== ARCHIVE_FORMAT) throw refuse(label, 'it is no archive of this program');
  if (content.schemaVersion !== ARCHIVE_SCHEMA_VERSION) {
    throw new AppError(
      'unsupported',
      `${label} has schema ${String(content.schemaVersion).slice(0, 20)}, and this program reads schema ${ARCHIVE_SCHEMA_VERSION}.`,
      'Import it with the version of the program that wrote it, or a newer one.',
    );
  }
  const parsed = archiveManifestSchema.safeParse(content);
  if (!parsed.success) throw refuse(label, `its manifest is not in order${placeOf(parsed.error)}`);
  return parsed.data;
}

/** What the manifest says is in it, and nothing else is. */
function checkEntries(zip: OpenedZip, manifest: ArchiveManifest, label: string): void {
  const sizes = new Map(zip.entries.map(({ name, sizeBytes }) => [name, sizeBytes]));
  sizes.delete(MANIFEST_NAME);
  for (const { name, sizeBytes } of manifest.entries) {
    const found = sizes.get(name);
    if (found === undefined) throw refuse(label, `${name} is missing`);
    if (found !== sizeBytes) throw refuse(label, `${name} has ${found} bytes, and the manifest says ${sizeBytes}`);
    sizes.delete(name);
  }
  const [stranger] = sizes.keys();
  if (stranger !== undefined) throw refuse(label, `“${stranger.slice(0, 100)}” is in it, and not in its manifest`);
  const names = manifest.items.map(entryNameOf);
  const listed = new Set(manifest.entries.map(({ name }) => name));
  const missing = names.find((name) => !listed.has(name));
  if (missing !== undefined) throw refuse(label, `${missing} is missing`);
  if (new Set(names).size < names.length) throw refuse(label, 'a record is listed twice');
}

/** What holds between the parts of a run, and the tables can't say as well. */
function checkRun({ spec, specSha256, tasks, images, attempts, environment }: ArchivedRun, name: string, label: string): void {
  // Earlier versions hashed fewer fields.
  if (environment && hashOf(spec) !== specSha256) throw refuse(label, `${name}: its specification does not have the hash that it says`);
  const known = new Set(images.map(({ sha256 }) => sha256));
  const ids = new Set(tasks.map(({ id }) => id));
  if (ids.size < tasks.length || new Set(tasks.map(({ ordinal }) => ordinal)).size < tasks.length)
    throw refuse(label, `${name}: a task is in it twice`);
  const wrong = tasks.find(
    (task) =>
      (task.image !== null && !known.has(task.image.sha256)) ||
      (task.state === 'succeeded' && (task.delays === null || task.edgeServerId === null || task.acceptedMs === null)),
  );
  if (wrong) throw refuse(label, `${name}: task ${wrong.ordinal + 1} is not whole`);
  if (attempts.some(({ taskId }) => !ids.has(taskId))) throw refuse(label, `${name}: a sending is of no task`);
}

/** A name or an account that someone put in does not come in. */
function withKnownFacts(run: ArchivedRun): ArchivedRun {
  return { ...run, nodes: run.nodes.map((node) => ({ ...node, facts: factsWithoutPlaces(node.facts) })) };
}

function parseJson(bytes: Buffer, name: string, label: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (thrown) {
    throw refuse(label, `${name} is no JSON`, thrown);
  }
}

/** `, at tasks.3.seed: Too big` */
function placeOf({ issues: [issue] }: z.ZodError): string {
  if (!issue) return '';
  const place = issue.path.map(String).join('.').slice(0, 100);
  return `${place === '' ? '' : `, at ${place}`}: ${issue.message.slice(0, 200)}`;
}
