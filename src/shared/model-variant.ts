// The two variants of SD3 medium that nodes run: whole, with T5-XXL, and refined to the paper's reSD3-m. The model's content decides which it is.
import type { Model, ModelPart } from './model.js';

/** Text encoders that a worker may run with, in the order that the prompt passes them. */
export const TEXT_ENCODERS = ['clip-l', 'clip-g', 't5'] as const;
export type TextEncoder = (typeof TEXT_ENCODERS)[number];

/** What every worker ran with before T5-XXL was an option. */
export const CLIP_ALONE: readonly TextEncoder[] = ['clip-l', 'clip-g'];

/** How many tokens of a prompt each encoder reads, its marks of beginning and end included; the rest is cut off. */
export const CLIP_MAX_TOKENS = 77;
/** As the pipeline of diffusers does unless it is told otherwise (`max_sequence_length`). */
export const T5_MAX_TOKENS = 256;

/** Whether T5-XXL is in it; without it the model is what the paper calls reSD3-m. */
export function hasT5({ parts }: { parts: readonly Pick<ModelPart, 'name'>[] }): boolean {
  return parts.some(({ name }) => name === 't5');
}

/** `SD3 medium with T5-XXL` or `reSD3-m`; a model with other sizes, for trials, says so. */
export function describeVariant(model: Pick<Model, 'family' | 'parts'>): string {
  if (hasT5(model)) return model.family === 'sd3-medium' ? 'SD3 medium with T5-XXL' : 'SD3 of other sizes with T5-XXL';
  return model.family === 'sd3-medium' ? 'reSD3-m' : 'SD3 of other sizes without T5-XXL';
}

const ENCODER_TITLES: Record<TextEncoder, string> = { 'clip-l': 'CLIP-L', 'clip-g': 'CLIP-G', t5: 'T5-XXL' };

/** `CLIP-L, CLIP-G and T5-XXL`. */
export function describeEncoders(encoders: readonly TextEncoder[]): string {
  const titles = encoders.map((encoder) => ENCODER_TITLES[encoder]);
  const last = titles.pop();
  if (last === undefined) return 'no text encoder';
  return titles.length === 0 ? last : `${titles.join(', ')} and ${last}`;
}
