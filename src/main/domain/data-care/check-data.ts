// Checks everything in a data folder: the database, every image against its hash, what belongs to no one. Changes nothing. Runs in the
// data process: hashing and SQLite's checks take as long as the disk needs to read everything.
import { join } from 'node:path';
import { type DamagedImage, type DataCheckReport, MAX_FINDINGS } from '../../../shared/data-care.js';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { examineImage, examinePicture } from '../../adapters/images/examine-image.js';
import { DataReader } from '../../adapters/storage/data-reader.js';
import { databaseBytesAt } from '../../adapters/storage/database-size.js';
import { DATABASE_FILE_NAME } from '../../adapters/storage/open-database.js';
import { type CheckOptions, say } from './check-options.js';
import { countMissingThumbnails, findOrphans } from './find-orphans.js';

const IMAGES_A_PAGE = 500;
const PROGRESS_EVERY = 50;
const MAX_NAMED_DATASETS = 3;

export async function checkData(dataDir: string, options: CheckOptions): Promise<DataCheckReport> {
  const startedAtMs = options.nowMs();
  const databasePath = join(dataDir, DATABASE_FILE_NAME);
  const report: DataCheckReport = {
    startedAtMs,
    finishedAtMs: startedAtMs,
    databaseBytes: databaseBytesAt(dataDir),
    schemaVersion: null,
    integrity: { count: 0, examples: [] },
    foreignKeys: { count: 0, examples: [] },
    images: { checked: 0, checkedBytes: 0, missing: 0, damaged: 0, list: [] },
    pictures: { checked: 0, checkedBytes: 0, missing: 0, damaged: 0, list: [] },
    tasksWithoutImage: { count: 0, examples: [] },
    orphans: { count: 0, bytes: 0, examples: [] },
    missingThumbnails: 0,
  };
  try {
    const reader = new DataReader(databasePath, dataDir);
    try {
      await checkDatabase(reader, report, options);
      await checkImages(reader, dataDir, report, options);
      await checkPictures(reader, dataDir, report, options);
      report.tasksWithoutImage = toFindings(reader.tasksWithoutImage());
      report.orphans = await findOrphans(dataDir, (sha256) => reader.isOnRecord(sha256), options);
    } finally {
      reader.close();
    }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'cancelled') throw thrown;
    // Worse than any row: it can't be read on, so the check ends here and says why.
    const { message } = toErrorShape(thrown);
    report.integrity.count += 1;
    report.integrity.examples.push(message);
  }
  report.finishedAtMs = options.nowMs();
  return report;
}

async function checkDatabase(reader: DataReader, report: DataCheckReport, options: CheckOptions): Promise<void> {
  report.schemaVersion = reader.schemaVersion;
  await say(options, { phase: 'Checking the database', done: 0, total: null });
  report.integrity = toFindings(reader.integrityProblems({ isQuick: false }));
  await say(options, { phase: 'Checking references between tables', done: 0, total: null });
  report.foreignKeys = toFindings(reader.foreignKeyProblems());
}

async function checkImages(reader: DataReader, dataDir: string, report: DataCheckReport, options: CheckOptions): Promise<void> {
  const total = reader.countImages();
  const phase = 'Checking images';
  let last = '';
  for (;;) {
    const images = reader.imagesAfter(last, IMAGES_A_PAGE);
    if (images.length === 0) break;
    for (const image of images) {
      last = image.sha256;
      const found = await examineImage(dataDir, image);
      report.images.checked += 1;
      report.images.checkedBytes += image.sizeBytes;
      // A run may have been removed meanwhile, its images with it.
      if (found && reader.isOnRecord(image.sha256)) addDamaged(report.images, found);
      if (report.images.checked % PROGRESS_EVERY === 0) await say(options, { phase, done: report.images.checked, total });
    }
    report.missingThumbnails += countMissingThumbnails(dataDir, images);
  }
  await say(options, { phase, done: report.images.checked, total });
}

/** What image-to-image starts from: a task whose picture is lost fails. */
async function checkPictures(reader: DataReader, dataDir: string, report: DataCheckReport, options: CheckOptions): Promise<void> {
  const total = reader.countPictures();
  if (total === 0) return;
  const phase = 'Checking input pictures';
  let last = '';
  for (;;) {
    const pictures = reader.picturesAfter(last, IMAGES_A_PAGE);
    if (pictures.length === 0) break;
    for (const picture of pictures) {
      last = picture.sha256;
      const found = await examinePicture(dataDir, picture);
      report.pictures.checked += 1;
      report.pictures.checkedBytes += picture.sizeBytes;
      // Its dataset may have been removed meanwhile.
      const datasets = found && reader.datasetsOfPicture(picture.sha256);
      if (found && datasets) addDamaged(report.pictures, { ...found, detail: `${found.detail} ${describeDatasets(datasets)}` });
      if (report.pictures.checked % PROGRESS_EVERY === 0) await say(options, { phase, done: report.pictures.checked, total });
    }
  }
  await say(options, { phase, done: report.pictures.checked, total });
}

function describeDatasets(names: readonly string[]): string {
  if (names.length === 0) return 'Tasks name it; its dataset was removed.';
  const shown = names.slice(0, MAX_NAMED_DATASETS).map((name) => `“${name}”`);
  return `Of dataset ${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}.`;
}

function addDamaged(files: DataCheckReport['images'], found: DamagedImage): void {
  files[found.state] += 1;
  if (files.list.length < MAX_FINDINGS) files.list.push(found);
}

function toFindings(all: readonly string[]): { count: number; examples: string[] } {
  return { count: all.length, examples: all.slice(0, MAX_FINDINGS) };
}
