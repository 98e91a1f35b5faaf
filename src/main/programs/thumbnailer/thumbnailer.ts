// The thumbnail process: makes small pictures, WebP or JPEG by the name of the file, one job a message, and ends with its parent. It is a program of its own because
// decoding is heavy and a broken image may take the process down. Imports nothing of the program but types.
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import sharp from 'sharp';
import type { ThumbnailJob, ThumbnailReply } from '../../domain/images/thumbnailer-messages.js';

const QUALITY = 80;

sharp.concurrency(1);
sharp.cache(false);

async function makeThumbnail(job: ThumbnailJob): Promise<void> {
  const temporaryPath = `${job.targetPath}.${process.pid}-${job.id}.part`;
  await mkdir(dirname(job.targetPath), { recursive: true, mode: 0o700 });
  try {
    const picture = sharp(job.sourcePath, { failOn: 'error' }).resize({
      ...{ width: job.sidePx, height: job.sidePx, fit: 'inside', withoutEnlargement: true },
    });
    const encoded =
      extname(job.targetPath) === '.jpg'
        ? picture.flatten({ background: '#ffffff' }).jpeg({ quality: QUALITY })
        : picture.webp({ quality: QUALITY });
    await encoded.toFile(temporaryPath);
    await rename(temporaryPath, job.targetPath);
  } catch (thrown) {
    await rm(temporaryPath, { force: true });
    throw thrown;
  }
}

function reply(message: ThumbnailReply): void {
  // The parent may be gone by now; then no one waits for the answer.
  if (process.connected) process.send?.(message);
}

process.on('message', (job: ThumbnailJob) => {
  makeThumbnail(job).then(
    () => reply({ id: job.id, problem: null }),
    (thrown: unknown) => reply({ id: job.id, problem: thrown instanceof Error ? thrown.message : String(thrown) }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent ends this process when it is done.
process.on('SIGINT', () => undefined);
