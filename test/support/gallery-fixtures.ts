import type { GalleryRepository, ImageQuestion } from '../../src/main/adapters/storage/gallery-repository.js';
import type { GalleryImage, GallerySort } from '../../src/shared/gallery.js';
import { GALLERY_KEYS } from '../../src/shared/gallery-keys.js';
import { parseQuery } from '../../src/shared/query/parse-query.js';

/** Of a query without keys of runs, which the history answers. */
export function imageQuestion(query: string, change: Partial<ImageQuestion> = {}): ImageQuestion {
  const parsed = parseQuery(query, GALLERY_KEYS);
  if (parsed.mistakes.length > 0) throw new Error(parsed.mistakes[0]?.sentence);
  return { terms: parsed.query.terms, runIds: null, asOf: null, nowMs: Date.now(), ...change };
}

export function askGallery(
  gallery: GalleryRepository,
  query: string,
  { sort = 'newest', ...change }: Partial<ImageQuestion> & { sort?: GallerySort } = {},
): GalleryImage[] {
  return gallery.images(gallery.find(imageQuestion(query, change), sort));
}
