// Models for image generation: Stable Diffusion 3 medium as it is found on disk, and refined to reSD3-m (T5-XXL left out).
import { z } from 'zod';
import type { AppErrorShape } from './errors.js';
import type { JobCommand, JobState } from './job.js';

const MODEL_PART_NAMES = ['transformer', 'vae', 'clip-l', 'clip-g', 't5', 'other'] as const;

export const MODEL_PART_TITLES: Record<ModelPartName, string> = {
  transformer: 'transformer (MMDiT)',
  vae: 'VAE',
  'clip-l': 'CLIP-L',
  'clip-g': 'CLIP-G',
  t5: 'T5-XXL',
  other: 'other tensors',
};

/** `all-in-one`: one file. `split`: a folder with a file per part. `diffusers`: a folder with model_index.json. */
export const modelLayoutSchema = z.enum(['all-in-one', 'split', 'diffusers']);

/** `sd3-other` has the keys of SD3 but not the sizes of SD3 medium (a small model for trials, say). */
export const modelFamilySchema = z.enum(['sd3-medium', 'sd3-other']);

export const modelPartSchema = z.object({
  name: z.enum(MODEL_PART_NAMES),
  tensorCount: z.number(),
  sizeBytes: z.number(),
  /** As safetensors names them (F16, F8_E4M3), the one with most bytes first. */
  dtypes: z.array(z.string()),
});

export const modelFileSchema = z.object({
  /** Relative to the model's folder with `/` between names; the file's own name where the model is one file. */
  path: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
});

/** What a look at the bytes tells. */
export const modelContentSchema = z.object({
  layout: modelLayoutSchema,
  family: modelFamilySchema,
  parts: z.array(modelPartSchema),
  files: z.array(modelFileSchema),
  /** Weights beside the files that the worker does not load and no node gets: the other precision, or shards beside the full file. */
  leftOut: z.array(z.string()).default([]),
  sizeBytes: z.number(),
  /** Of the file; of a folder, the SHA-256 of its list of files in the form of sha256sum. */
  sha256: z.string(),
});

export const refineReportSchema = z.object({
  inputPath: z.string(),
  outputPath: z.string(),
  layout: modelLayoutSchema,
  beforeBytes: z.number(),
  afterBytes: z.number(),
  savedBytes: z.number(),
  keptTensors: z.number(),
  droppedTensors: z.number(),
  /** The refined model's, in the sense of `ModelContent`. */
  sha256: z.string(),
  elapsedMs: z.number(),
  /** Largest resident memory of the process that did it. */
  peakMemoryBytes: z.number(),
});

export const modelProgressSchema = z.object({
  phase: z.enum(['hashing', 'copying', 'fetching']),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** Over the last seconds; null until known. */
  bytesPerSec: z.number().nullable(),
  remainingSec: z.number().nullable(),
});

export type ModelPartName = (typeof MODEL_PART_NAMES)[number];
export type ModelLayout = z.infer<typeof modelLayoutSchema>;
export type ModelFamily = z.infer<typeof modelFamilySchema>;
export type ModelPart = z.infer<typeof modelPartSchema>;
export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelContent = z.infer<typeof modelContentSchema>;
export type RefineReport = z.infer<typeof refineReportSchema>;
export type ModelProgress = z.infer<typeof modelProgressSchema>;

/** The terms under which someone uses a model, and when it was said that they are accepted. */
export const acceptedLicenseSchema = z.object({ name: z.string(), url: z.string(), acceptedAtMs: z.number() });
export type AcceptedLicense = z.infer<typeof acceptedLicenseSchema>;

/** The newest time that every byte of a model was read here. */
export const modelReadingSchema = z.object({ atMs: z.number(), isAsOnRecord: z.boolean() });
export type ModelReading = z.infer<typeof modelReadingSchema>;

/** A model on record. Its bytes stay where the user has them. */
export const modelSchema = modelContentSchema.extend({
  id: z.string(),
  name: z.string(),
  /** Absolute path of the file or folder. */
  path: z.string(),
  /** Whether something is at the path now. */
  isPresent: z.boolean(),
  addedAtMs: z.number(),
  /** Null for one that was added before licenses were asked for. */
  license: acceptedLicenseSchema.nullable().default(null),
  /** SHA-256 of the model that it was refined from by this program; null for any other. */
  refinedFromSha256: z.string().nullable().default(null),
  /** When it was put on record, or verified after that; null in jobs of earlier versions. */
  lastRead: modelReadingSchema.nullable().default(null),
});
export type Model = z.infer<typeof modelSchema>;

/** Work on a model's bytes that takes its time. */
export interface ModelJob {
  id: string;
  /** `verify` compares the bytes here with the record. */
  kind: 'add' | 'strip' | 'verify' | 'fetch';
  state: JobState;
  /** What can be asked of it now. */
  commands: JobCommand[];
  path: string;
  /** Null before the first byte. */
  progress: ModelProgress | null;
  /** The model that was put on record, or that `verify` found as it is on record. */
  model: Model | null;
  /** What `strip` did. */
  report: RefineReport | null;
  error: AppErrorShape | null;
  startedAtMs: number;
  finishedAtMs: number | null;
}
