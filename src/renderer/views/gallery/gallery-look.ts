// What the gallery shows, as it stands in the address: Back, a reload and a second window show the same. Pure.
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { GALLERY_AXES, GALLERY_SORTS, type GalleryAxis, type GallerySort } from '../../../shared/gallery.js';

export interface GalleryLook {
  query: string;
  /** Of this run alone. */
  runId: string | null;
  sort: GallerySort;
  form: 'grid' | 'table';
  rows: GalleryAxis;
  columns: GalleryAxis;
  /** Task whose image has the focus. */
  at: string | null;
  /** Task whose image is open in the viewer, and the one that it is compared with. */
  image: string | null;
  compare: string | null;
}

export const PLAIN_LOOK: GalleryLook = {
  ...{ query: '', runId: null, sort: 'newest', form: 'grid', rows: 'prompt', columns: 'scheduler' },
  ...{ at: null, image: null, compare: null },
};

export function readLook(address: LocationQuery): GalleryLook {
  const text = (key: string): string | null => (typeof address[key] === 'string' ? address[key] : null);
  const axis = (key: string, otherwise: GalleryAxis): GalleryAxis => GALLERY_AXES.find((known) => known === text(key)) ?? otherwise;
  const rows = axis('rows', PLAIN_LOOK.rows);
  const columns = axis('columns', rows === PLAIN_LOOK.columns ? PLAIN_LOOK.rows : PLAIN_LOOK.columns);
  return {
    query: text('q') ?? '',
    runId: text('run'),
    sort: GALLERY_SORTS.find((known) => known === text('sort')) ?? PLAIN_LOOK.sort,
    form: text('form') === 'table' ? 'table' : 'grid',
    rows,
    columns: columns === rows ? (rows === 'prompt' ? 'scheduler' : 'prompt') : columns,
    ...{ at: text('at'), image: text('image'), compare: text('compare') },
  };
}

/** Only what differs from the plain look. */
export function writeLook(look: GalleryLook): LocationQueryRaw {
  const isTable = look.form === 'table';
  return {
    ...(look.query !== '' && { q: look.query }),
    ...(look.runId !== null && { run: look.runId }),
    ...(look.sort !== PLAIN_LOOK.sort && { sort: look.sort }),
    ...(isTable && { form: 'table', rows: look.rows, columns: look.columns }),
    ...(look.at !== null && { at: look.at }),
    ...(look.image !== null && { image: look.image }),
    ...(look.compare !== null && { compare: look.compare }),
  };
}

/** What decides which images are listed, and in which order. */
export function listKey({ query, runId, sort }: Pick<GalleryLook, 'query' | 'runId' | 'sort'>): string {
  return JSON.stringify([query.trim(), runId, sort]);
}
