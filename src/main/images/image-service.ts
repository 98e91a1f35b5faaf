import { access } from 'node:fs/promises';
import { AppError } from '../../shared/errors.js';
import type { ImageService } from '../services.js';
import { thumbnailFilePath } from './image-paths.js';
import type { ImageStore } from './image-store.js';
import { ThumbnailProcess } from './thumbnail-process.js';

export interface ImageServiceOptions {
  dataDir: string;
  store: ImageStore;
  /** The built thumbnail program (out/main/thumbnailer.js). */
  thumbnailerPath: string;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export class ImageServiceImpl implements ImageService {
  private readonly process: ThumbnailProcess;
  /** Thumbnails in the making, so that each is made once. */
  private readonly making = new Map<string, Promise<string>>();

  constructor(private readonly options: ImageServiceOptions) {
    this.process = new ThumbnailProcess(options.thumbnailerPath);
  }

  async imagePath(sha256: string): Promise<string> {
    const path = await this.options.store.findImage(sha256);
    if (path === null) throw new AppError('not-found', 'There is no image of that name', 'Its run may have been removed.');
    return path;
  }

  async thumbnailPath(sha256: string): Promise<string> {
    const sourcePath = await this.imagePath(sha256);
    const targetPath = thumbnailFilePath(this.options.dataDir, sha256);
    if (await exists(targetPath)) return targetPath;
    const known = this.making.get(sha256);
    if (known) return known;
    const made = this.process
      .make(sourcePath, targetPath)
      .then(() => targetPath)
      .finally(() => this.making.delete(sha256));
    this.making.set(sha256, made);
    return made;
  }

  /** Ends the thumbnail process. */
  close(): Promise<void> {
    return this.process.close();
  }
}
