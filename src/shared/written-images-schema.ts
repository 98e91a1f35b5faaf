import { z } from 'zod';

/** What an export of images wrote. */
export const writtenImagesSchema = z.object({
  /** A folder, or a ZIP file. */
  path: z.string(),
  /** Of the folder or file, without where it is. */
  fileName: z.string(),
  sizeBytes: z.number(),
  /** Lines of the manifest. */
  count: z.number(),
  /** Images without a sound file: in the manifest, with the reason, and without a picture. */
  missing: z.number(),
});
export type WrittenImages = z.infer<typeof writtenImagesSchema>;
