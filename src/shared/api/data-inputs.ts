// What the API accepts about the data folder.
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'An image is named by its SHA-256');

export const imageNameInput = z.object({ sha256 });
/** `all`: every image that is known to be damaged or missing. */
/** `from`: absolute folder; null: those that the datasets came from. */
export const repairPicturesInput = z.object({ from: z.string().min(1).max(4096).nullable() });
export const remakeImagesInput = z.object({ sha256s: z.union([z.array(sha256).min(1).max(10_000), z.literal('all')]) });
export const restoreInput = z.object({ fileName: z.string().min(1).max(200) });
