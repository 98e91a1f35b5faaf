// The gallery over all images, and the exports of them.
import { GALLERY_KEYS } from '../../shared/gallery-keys.js';
import type { HistoryService } from '../domain/history/history-service.js';
import { GalleryService } from '../domain/images/gallery-service.js';
import { ImageExport } from '../domain/images/image-export.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import type { CompositionContext } from './context.js';

export interface GalleryServices {
  gallery: GalleryService;
  imageExport: ImageExport;
}

export function composeGallery({ dataDir, storage, nowMs }: CompositionContext, { history }: { history: HistoryService }): GalleryServices {
  const gallery = new GalleryService({
    gallery: storage.gallery,
    runIdsOf: (terms) => history.runIdsOf(terms),
    complete: (input) => history.complete(input, GALLERY_KEYS),
    nowMs,
  });
  return { gallery, imageExport: new ImageExport({ dataDir, gallery, programVersion: PROGRAM_VERSION, nowMs }) };
}
