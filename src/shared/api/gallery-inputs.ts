// What the gallery is asked.
import { z } from 'zod';
import { DEFAULT_NAME_PATTERN } from '../name-image.js';
import { GALLERY_AXES, GALLERY_SORTS } from '../gallery.js';

const id = z.string().min(1).max(64);
const asOf = z.number().int().min(0).nullable().default(null);
/** Task ids at once. */
const MAX_NAMED = 50_000;

const question = z.object({
  query: z.string().max(2000, 'A query has at most 2000 characters').default(''),
  /** Of this run alone. */
  runId: id.nullable().default(null),
  sort: z.enum(GALLERY_SORTS).default('newest'),
  /** Images up to this one, as a page before said; all where null. */
  asOf,
});
export type GalleryQuestion = z.output<typeof question>;

export const galleryPageInput = question.extend({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(120),
});
export type GalleryPageInput = z.output<typeof galleryPageInput>;

export const galleryCountNewInput = question;
export const galleryStretchesInput = question;
export const galleryFindInput = question.extend({ taskId: id });
export type GalleryFindInput = z.output<typeof galleryFindInput>;
export const galleryImageInput = z.object({ taskId: id });

export const galleryTableInput = question
  .extend({
    rows: z.enum(GALLERY_AXES).default('prompt'),
    columns: z.enum(GALLERY_AXES).default('scheduler'),
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(200).default(50),
  })
  .refine(({ rows, columns }) => rows !== columns, { message: 'Rows and columns are the same parameter: choose two', path: ['columns'] });
export type GalleryTableInput = z.output<typeof galleryTableInput>;

export const galleryCompleteInput = z.object({ query: z.string().max(2000), cursor: z.number().int().min(0).max(2000) });

/** Which images: those that fit, or of them only some, or all but some. */
export const gallerySelectionInput = question.extend({
  only: z.array(id).min(1, 'Select an image').max(MAX_NAMED).nullable().default(null),
  except: z.array(id).max(MAX_NAMED).default([]),
});
export type GallerySelection = z.output<typeof gallerySelectionInput>;

export const exportImagesInput = z.object({
  selection: gallerySelectionInput,
  form: z.enum(['folder', 'zip']).default('zip'),
  /** Absolute: the folder, or the ZIP file. A ZIP file in the data folder, to be downloaded, where absent. */
  path: z.string().min(1, 'Name a folder or a file').max(4096).optional(),
  namePattern: z.string().trim().min(1, 'Write a name pattern').max(200).default(DEFAULT_NAME_PATTERN),
});
export type ExportImagesInput = z.output<typeof exportImagesInput>;
