// Gives images out, and only sound ones: what is opened is verified, what is damaged is said to be.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedImage, ImageCondition } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import type { DamagedImages } from './damaged-images.js';
import { examineImage, glanceAtImage, type ImageOnRecord } from '../../adapters/images/examine-image.js';
import { imageFilePath, isSha256, thumbnailFilePath, type ThumbnailKind } from '../../adapters/images/image-paths.js';
import type { Thumbnailer } from './thumbnailer-messages.js';

export interface ImageServiceOptions {
  dataDir: string;
  /** Null when no task has such an image. */
  findOnRecord(sha256: string): ImageOnRecord | null;
  /** The image that was made in the place of a lost one; null where there is none. */
  findRemade(sha256: string): ImageCondition['remade'];
  /** Why an image can't be made again now; null where it can. */
  findObstacle?(sha256: string): string | null;
  damaged: DamagedImages;
  thumbnailer: Thumbnailer;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
}

/** Bytes of images, and uploads on their way in; used by the asset routes of the shells. */
export class ImageService {
  /** Thumbnails in the making, by their paths, so that each is made once. */
  private readonly making = new Map<string, Promise<string>>();

  constructor(private readonly options: ImageServiceOptions) {}

  /** Absolute path of a stored image, verified by its hash. Throws `not-found` and `image-damaged`. */
  async imagePath(sha256: string): Promise<string> {
    const image = this.onRecord(sha256);
    this.verify(image, await examineImage(this.options.dataDir, image));
    return imageFilePath(this.options.dataDir, sha256, image.mediaType);
  }

  /** Of its thumbnail, made on demand in a child process. Throws the same; by the size of the image where a thumbnail is there already. */
  async thumbnailPath(sha256: string, kind: ThumbnailKind = 'webp'): Promise<string> {
    const image = this.onRecord(sha256);
    const known = this.options.damaged.find(sha256);
    // What was found damaged may be put right by now; a thumbnail of it says nothing about that.
    if (known) await this.imagePath(sha256);
    else this.verify(image, await glanceAtImage(this.options.dataDir, image));
    const targetPath = thumbnailFilePath(this.options.dataDir, sha256, kind);
    if ((await sizeOf(targetPath)) > 0) return targetPath;
    const making = this.making.get(targetPath) ?? this.makeThumbnail(sha256, targetPath).finally(() => this.making.delete(targetPath));
    this.making.set(targetPath, making);
    return making;
  }

  /** Looks at the file now. Throws `not-found`. */
  async examine(sha256: string): Promise<ImageCondition> {
    const image = this.onRecord(sha256);
    const found = await examineImage(this.options.dataDir, image);
    this.remember(sha256, found);
    return {
      sha256,
      state: found?.state ?? 'sound',
      detail: found?.detail ?? 'The file has the hash that it was stored under.',
      remade: this.options.findRemade(sha256),
      obstacle: found ? (this.options.findObstacle?.(sha256) ?? null) : null,
    };
  }

  /** Ends the thumbnail process. */
  close(): Promise<void> {
    return this.options.thumbnailer.close();
  }

  private async makeThumbnail(sha256: string, targetPath: string): Promise<string> {
    // Of changed bytes a picture might be made all the same: another one.
    const sourcePath = await this.imagePath(sha256);
    await rm(targetPath, { force: true });
    await this.options.thumbnailer.make(sourcePath, targetPath);
    return targetPath;
  }

  private onRecord(sha256: string): ImageOnRecord {
    const image = isSha256(sha256) ? this.options.findOnRecord(sha256) : null;
    if (image === null) throw new AppError('not-found', 'There is no image of that name', 'Its run may have been removed.');
    return image;
  }

  private verify(image: ImageOnRecord, found: DamagedImage | null): void {
    if (found || this.options.damaged.find(image.sha256)) this.remember(image.sha256, found);
    if (!found) return;
    throw new AppError(
      'image-damaged',
      `The image ${image.sha256} is ${found.state}. ${found.detail}`,
      `It can be made again, in the window or with \`data remake\`; the figures of its run stay as they are. Its path is ${join(this.options.dataDir, 'images')}.`,
    );
  }

  private remember(sha256: string, found: DamagedImage | null): void {
    if (found) this.options.damaged.note(found);
    else this.options.damaged.clear(sha256);
  }
}
