import type { GalleryPageInput } from '../../../shared/api/inputs.js';
import type { GalleryImage, Page } from '../../../shared/run.js';
import type { ImageRepository } from '../../adapters/storage/image-repository.js';

export class GalleryService {
  constructor(private readonly images: ImageRepository) {}

  page(input: GalleryPageInput): Page<GalleryImage> {
    return this.images.galleryPage(input);
  }
}
