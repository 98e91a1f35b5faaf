// Image files that no row names, and rows whose thumbnail is not there. Harmless both: one takes room, the other is made when it is needed.
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataCheckReport, MAX_FINDINGS } from '../../../shared/data-care.js';
import { isSha256, thumbnailFilePath } from '../../adapters/images/image-paths.js';
import { type CheckOptions, say } from './check-options.js';

/** A file this young may be of a result whose row is being written. */
const YOUNG_MS = 120_000;

export async function findOrphans(
  dataDir: string,
  isOnRecord: (sha256: string) => boolean,
  options: CheckOptions,
): Promise<DataCheckReport['orphans']> {
  const orphans: DataCheckReport['orphans'] = { count: 0, bytes: 0, examples: [] };
  const imagesDir = join(dataDir, 'images');
  const folders = (await namesIn(imagesDir)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const [index, folder] of folders.entries()) {
    await say(options, { phase: 'Looking for files that no task has', done: index, total: folders.length });
    for (const name of await namesIn(join(imagesDir, folder))) {
      const sha256 = name.replace(/\.(png|jpg)$/, '');
      if (isSha256(sha256) && isOnRecord(sha256)) continue;
      const path = join(imagesDir, folder, name);
      const stats = await stat(path).catch(() => null);
      if (!stats || options.nowMs() - stats.mtimeMs < YOUNG_MS) continue;
      orphans.count += 1;
      orphans.bytes += stats.size;
      if (orphans.examples.length < MAX_FINDINGS) orphans.examples.push(path);
    }
  }
  return orphans;
}

export function countMissingThumbnails(dataDir: string, images: readonly { sha256: string }[]): number {
  return images.filter(({ sha256 }) => !existsSync(thumbnailFilePath(dataDir, sha256))).length;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
