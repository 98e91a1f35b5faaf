// The two task types of the paper (Sec. III-A): what a task gives the model to start from, and how much of the schedule is then computed.

export const SERVICES = ['text-to-image', 'image-to-image'] as const;
/** `text-to-image`: a prompt. `image-to-image`: a prompt and an input picture, of which the image is made. */
export type Service = (typeof SERVICES)[number];

/** What is asked for where nothing else is said. */
export const DEFAULT_STRENGTH = 0.6;

/** Largest input picture, bytes; those of Flickr and COCO have 50 to 500 kB. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
/** Most pixels of an input picture (4096 x 4096): a header alone could ask for gigabytes. */
export const MAX_PICTURE_PIXELS = 4096 * 4096;

export const PICTURE_MEDIA_TYPES = ['image/png', 'image/jpeg'] as const;
export type PictureMediaType = (typeof PICTURE_MEDIA_TYPES)[number];

/** An input picture by the SHA-256 of its bytes. */
export interface InputPicture {
  sha256: string;
  sizeBytes: number;
  mediaType: PictureMediaType;
}

/**
 * Denoising steps that are computed of `qualitySteps` asked for, at least 1. An input picture is noised up to `strength` (0..1] of the schedule
 * and only that part is denoised, as diffusers counts it (`StableDiffusion3Img2ImgPipeline.get_timesteps`); null: the whole schedule.
 */
export function computedSteps(qualitySteps: number, strength: number | null): number {
  if (strength === null) return qualitySteps;
  const noisedSteps = Math.min(qualitySteps * strength, qualitySteps);
  return qualitySteps - Math.floor(Math.max(qualitySteps - noisedSteps, 0));
}

/** `15`, or `9 computed of 15`. */
export function describeSteps(task: { qualitySteps: number; computedSteps: number }): string {
  const { qualitySteps, computedSteps: computed } = task;
  return computed === qualitySteps ? String(qualitySteps) : `${computed} computed of ${qualitySteps}`;
}

/** `image-to-image, strength 0.6`; of text-to-image its name alone. */
export function describeService(spec: { strength?: number | null | undefined }): string {
  return serviceOf(spec) === 'text-to-image' ? 'text-to-image' : `image-to-image, strength ${spec.strength}`;
}

export function serviceOf({ strength }: { strength?: number | null | undefined }): Service {
  return strength === null || strength === undefined ? 'text-to-image' : 'image-to-image';
}
