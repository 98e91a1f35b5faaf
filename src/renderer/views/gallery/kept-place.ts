// Where someone was in the gallery, so that Back and a reload lead there: of this window alone.

export interface GalleryPlace {
  /** What was listed: a place in another list is none. */
  key: string;
  asOf: number | null;
  /** Px of the list above the first that is seen. */
  positionPx: number;
}

const STORED_AS = 'dedgeai.gallery.place';

export function keepPlace(place: GalleryPlace): void {
  sessionStorage.setItem(STORED_AS, JSON.stringify(place));
}

/** Null where nothing is kept of this list. */
export function findPlace(key: string): GalleryPlace | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED_AS) ?? 'null') as Partial<GalleryPlace> | null;
    if (kept?.key !== key || typeof kept.positionPx !== 'number') return null;
    return { key, positionPx: kept.positionPx, asOf: typeof kept.asOf === 'number' ? kept.asOf : null };
  } catch {
    return null;
  }
}
